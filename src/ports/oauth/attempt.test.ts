import { expect, it } from 'vitest'

import { attemptOf, hashOfHandle, isSame, newHandle } from './attempt.ts'

it('derives the same from the same handle, and something else from each other', () => {
  const handle = newHandle()
  expect(attemptOf(handle)).toEqual(attemptOf(handle))
  const all = [handle, newHandle()].flatMap((each) => Object.values<string>({ ...attemptOf(each) }))
  expect(new Set(all).size).toBe(6)
  // RFC 7636: 43 to 128 characters.
  for (const each of all) expect(each).toMatch(/^[\w-]{43}$/)
})

it('keeps a hash for a handle, and asks for nothing that cannot be one', () => {
  const handle = newHandle()
  expect(hashOfHandle(handle)).toMatch(/^[0-9a-f]{64}$/)
  for (const other of ['', `${handle}a`, handle.slice(1), "' OR 1=1 --"]) {
    expect(hashOfHandle(other)).toBeUndefined()
  }
})

it('compares texts of any length', () => {
  expect(isSame('abc', 'abc')).toBe(true)
  expect(isSame('abc', 'abcd')).toBe(false)
  expect(isSame('', 'a')).toBe(false)
})
