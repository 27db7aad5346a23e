import { expect, it } from 'vitest'

import { parseTestLevel, parseTestSeed } from './level.ts'

it.each([
  [undefined, 1],
  ['', 1],
  ['1', 1],
  ['3', 3],
  ['all', 9],
])('reads %s as level %s', (text, level) => {
  expect(parseTestLevel(text)).toBe(level)
})

it.each(['0', '10', '1.5', 'full', '-1'])('refuses %s and says what it takes', (text) => {
  expect(() => parseTestLevel(text)).toThrow('give a level from 1 to 9, or "all"')
})

it('starts from the same seed on every change, from a new one at higher levels, and from the one that is given', () => {
  const usual = parseTestSeed(undefined, { level: 1, fresh: 7 })
  expect(parseTestSeed('', { level: 1, fresh: 8 })).toBe(usual)
  expect(parseTestSeed(undefined, { level: 2, fresh: 7 })).toBe(7)
  expect(parseTestSeed('12', { level: 9, fresh: 7 })).toBe(12)
})

it.each(['-1', 'x', '1.5', '2147483648'])('refuses %s as a seed', (text) => {
  expect(() => parseTestSeed(text, { level: 1, fresh: 7 })).toThrow('give a whole number below')
})
