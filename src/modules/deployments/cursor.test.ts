import { expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { cursorOf, positionOf } from './cursor.ts'

it('leads back to the place that it was made from', () => {
  const place = { at: new Date(1_790_000_000_123), id: newId('dep') }
  expect(positionOf(cursorOf(place))).toEqual(place)
})

it.each(['', 'x', 'MSBkZXBf', Buffer.from("1 dep_a' OR 1=1").toString('base64url'), '\u0000'])(
  'refuses what was not given out: %j',
  (cursor) => {
    expect(() => positionOf(cursor)).toThrow('INVALID_INPUT')
  },
)
