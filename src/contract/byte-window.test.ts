import { expect, it } from 'vitest'

import { ByteWindow } from './byte-window.ts'

const never = new AbortController().signal

it('has room until as much is on the way as may be, and again when some was taken', async () => {
  const window = new ByteWindow(100)
  await window.room(never)
  window.sent(150)
  expect(window.hasRoom).toBe(false)
  let hasRoom = false
  const waiting = window.room(never).then(() => (hasRoom = true))
  window.taken(50)
  await Promise.resolve()
  expect(hasRoom).toBe(false)
  window.taken(1)
  await waiting
  expect(window.hasRoom).toBe(true)
})

it('gives nobody credit for what was not sent', () => {
  const window = new ByteWindow(100)
  window.taken(1_000)
  window.sent(100)
  expect(window.hasRoom).toBe(false)
})

it('stops waiting with the reason of the signal', async () => {
  const window = new ByteWindow(1)
  window.sent(1)
  const ending = new AbortController()
  const waiting = window.room(ending.signal)
  ending.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(new ByteWindow(1).room(ending.signal)).rejects.toThrow('enough')
})
