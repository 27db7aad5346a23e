import { expect, it } from 'vitest'

import { nextBase } from './base-revision.ts'

const OPENED = { revision: 3, own: '{"replicas":1}' }
const CHANGED = { revision: 4, own: '{"replicas":2}' }

it('takes in whatever is newer while nothing was typed', () => {
  expect(nextBase(OPENED, CHANGED, false)).toEqual(CHANGED)
})

it('keeps what was typed on a newer revision that left its own part alone', () => {
  const elsewhere = { revision: 4, own: OPENED.own }
  expect(nextBase(OPENED, elsewhere, true)).toEqual(elsewhere)
})

it('stays behind once somebody changed the part that one is typing into', () => {
  expect(nextBase(OPENED, CHANGED, true)).toBe(OPENED)
  expect(nextBase(OPENED, { revision: 5, own: CHANGED.own }, true)).toBe(OPENED)
})

it('goes on when that part is again as one found it', () => {
  const back = { revision: 5, own: OPENED.own }
  expect(nextBase(OPENED, back, true)).toEqual(back)
})

it('does not go back while the page has not heard of what was saved', () => {
  const saved = { revision: 4, own: '{"replicas":5}' }
  expect(nextBase(saved, OPENED, false)).toBe(saved)
  expect(nextBase(saved, OPENED, true)).toBe(saved)
})

it('learns how the server wrote what was saved, also when one types on', () => {
  const sent = { revision: 4, own: '{"image":"nginx:1"}' }
  const pinned = { revision: 4, own: '{"image":"nginx:1@sha256:a"}' }
  const later = { revision: 5, own: pinned.own }
  expect(nextBase(sent, pinned, true)).toEqual(pinned)
  expect(nextBase(nextBase(sent, pinned, true), later, true)).toEqual(later)
})

it('is the very same when nothing has changed', () => {
  expect(nextBase(OPENED, { ...OPENED }, false)).toBe(OPENED)
})
