import { expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { nameOf } from './name-of.ts'

it('gives the same name for the same id, and different ones for different ids', () => {
  const ids = Array.from({ length: 2_000 }, () => newId('dep'))
  const names = ids.map(nameOf)
  expect(new Set(names).size).toBe(ids.length)
  expect(ids.map(nameOf)).toEqual(names)
})

it('begins with each letter about as often', () => {
  const letters = new Map<string, number>()
  for (let i = 0; i < 5_200; i++) {
    const letter = nameOf(newId('dep')).charAt(0)
    letters.set(letter, (letters.get(letter) ?? 0) + 1)
  }
  expect(letters.size).toBe(26)
  expect(Math.min(...letters.values())).toBeGreaterThan(100)
})
