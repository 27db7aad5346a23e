import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ANY_VALUE, fieldSelector, labelSelector, matchesLabels, UnsafeSelectorError } from './selector.ts'

it('writes requirements that all have to hold', () => {
  expect(labelSelector({ 'app.kubernetes.io/name': 'web', tier: '', 'x/y': ANY_VALUE })).toBe(
    'app.kubernetes.io/name=web,tier=,x/y',
  )
  expect(fieldSelector({ 'metadata.name': 'web', 'spec.nodeName': 'n-1.example' })).toBe(
    'metadata.name=web,spec.nodeName=n-1.example',
  )
  expect(labelSelector({})).toBe('')
})

const HOSTILE = ['a,b', 'a=b', '!a', 'a in (b)', 'a b', '-a', 'a-', 'a\n', '(', '\u0430', 'x'.repeat(64)]

it.each(HOSTILE)('refuses %j as a value and as a label', (text) => {
  expect(() => labelSelector({ app: text })).toThrow(UnsafeSelectorError)
  expect(() => labelSelector({ [text]: 'x' })).toThrow(UnsafeSelectorError)
})

it.each(['', '/', 'a/', '/a', 'A/b', 'a/b/c', '../x'])('refuses the label %j', (key) => {
  expect(() => labelSelector({ [key]: 'x' })).toThrow(UnsafeSelectorError)
})

it.each(['a,metadata.namespace=b', 'a=b', 'a b', '!x'])('refuses the field value %j', (text) => {
  expect(() => fieldSelector({ 'metadata.name': text })).toThrow(UnsafeSelectorError)
  expect(() => fieldSelector({ [text]: 'a' })).toThrow(UnsafeSelectorError)
})

/** The requirements as a reader takes them apart. */
function writtenOrRefused(labels: Record<string, string>): Set<string> | undefined {
  try {
    return new Set(labelSelector(labels).split(','))
  } catch (error) {
    if (error instanceof UnsafeSelectorError) return undefined
    throw error
  }
}

it('never writes more requirements than it was given', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (key, value) => {
      const requirements = writtenOrRefused({ [key]: value, fixed: 'x' })
      expect([undefined, new Set([`${key}=${value}`, 'fixed=x'])]).toContainEqual(requirements)
    }),
    { numRuns: 2_000 },
  )
})

it('tells which labels fulfil a selector', () => {
  const selector = labelSelector({ app: 'web', owner: ANY_VALUE })
  expect(matchesLabels(selector, { app: 'web', owner: '', more: 'x' })).toBe(true)
  expect(matchesLabels(selector, { app: 'web' })).toBe(false)
  expect(matchesLabels(selector, { app: 'db', owner: 'x' })).toBe(false)
  expect(matchesLabels(selector)).toBe(false)
  expect(matchesLabels(labelSelector({}))).toBe(true)
})
