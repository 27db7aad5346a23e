import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { root } from '../../../deploy/dev/root.ts'
import { ACTIONS } from '../../../src/contract/policy.ts'
import { authorizationMutants } from './authorization.ts'
import { planted } from './run.ts'

const mutants = authorizationMutants()

it('finds every line of the table, every procedure and every guard', () => {
  const ofTable = mutants.filter(({ breaks }) => /^[a-z-]+:[a-z-]+ /.test(breaks))
  expect(ofTable).toHaveLength(3 * ACTIONS.length)
  expect(mutants.filter(({ breaks }) => breaks.endsWith('asks for another right')).length).toBeGreaterThan(40)
  expect(mutants.filter(({ breaks }) => breaks.startsWith('turned round')).length).toBeGreaterThan(20)
})

it('can plant each into the code of today', () => {
  for (const mutant of mutants) {
    const source = readFileSync(join(root, mutant.file), 'utf8')
    expect(planted(mutant, source), mutant.breaks).not.toBe(source)
    expect(mutant.tests.filter((file) => !existsSync(join(root, file)))).toEqual([])
  }
})
