import { expect, it } from 'vitest'

import { parseTestLevel } from './level.ts'

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
