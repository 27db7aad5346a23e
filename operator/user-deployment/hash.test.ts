import fc from 'fast-check'
import { expect, it } from 'vitest'

import { shortHash } from './hash.ts'

it('gives names of the asked length that a label may end with', () => {
  expect(shortHash('', 8)).toMatch(/^[a-z2-7]{8}$/)
  expect(shortHash('a'.repeat(500_000), 12)).toMatch(/^[a-z2-7]{12}$/)
})

it('tells 50,000 texts apart that differ in one place', () => {
  const seen = new Set<string>()
  for (let at = 0; at < 50_000; at++) seen.add(shortHash(`level: debug\nport: ${at}\n`, 10))
  expect(seen.size).toBe(50_000)
})

it('gives the same name to the same text only', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(shortHash(a, 10) === shortHash(b, 10)).toBe(a === b)
    }),
  )
})
