import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { Condition, CONDITION_TYPES, findCondition, isTrue, REASONS } from './conditions.ts'

const condition = (type: string, status: Condition['status']): Condition => ({
  type,
  status,
  reason: 'Available',
  message: '',
  lastTransitionTime: '2030-01-31T12:00:00Z',
})

it('finds a condition by its type', () => {
  const conditions = [condition('Ready', 'False'), condition('Stalled', 'True')]
  expect(findCondition(conditions, 'Stalled')?.status).toBe('True')
  expect(findCondition(conditions, 'Progressing')).toBeUndefined()
  expect(findCondition(undefined, 'Ready')).toBeUndefined()
  expect(isTrue(conditions, 'Ready')).toBe(false)
  expect(isTrue(conditions, 'Stalled')).toBe(true)
})

it('has words that the API conventions take, each with a sentence', () => {
  for (const word of [...CONDITION_TYPES, ...Object.keys(REASONS)])
    expect(word).toMatch(/^[A-Z][A-Za-z]{1,30}$/)
  for (const sentence of Object.values(REASONS)) expect(sentence).toMatch(/^[A-Z].*\.$/)
})

it('reads conditions of all three states', () => {
  expect(Condition.parse(condition('Ready', 'Unknown')).status).toBe('Unknown')
  expect(Condition.safeParse({ ...condition('Ready', 'True'), status: 'yes' }).success).toBe(false)
})

/** Rows of the table of docs/troubles.md: word, sentence, when, what to do. */
function documented(): string[][] {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/troubles.md'), 'utf8')
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, ...cells]) => cells.slice(0, -1))
}

it('documents every reason with its sentence, in the same order, and no other', () => {
  expect(documented().map(([reason, sentence]) => [reason, sentence])).toEqual(Object.entries(REASONS))
})

it.each(documented())('%s is documented with when it is so and what to do', (...[, , when, next]) => {
  expect([when, next]).toEqual([expect.stringMatching(/^[A-Z].*\.$/), expect.stringMatching(/^[A-Z].*\.$/)])
})
