import { expect, it } from 'vitest'

import { byteLength, characters, text, wholeNumber } from './text.ts'

const short = text({ min: 1, max: 3, says: 'A word has 1 to 3 characters.' })

it.each(['a', 'äöü', '😀😀😀', 'a\nb'])('takes %j', (value) => expect(short.parse(value)).toBe(value))

it.each(['', 'abcd', '😀😀😀😀', 'a\0', '\ud800', 7, null, undefined])(
  'refuses %j with one sentence',
  (value) => {
    expect(short.safeParse(value).error?.issues.map(({ message }) => message)).toEqual([
      'A word has 1 to 3 characters.',
    ])
  },
)

it('counts characters as the API server does, and bytes as the network does', () => {
  expect(characters('ä😀e\u0301')).toBe(4)
  expect(byteLength('ä😀')).toBe(6)
})

it.each([0, 65_536, 1.5, '80', Number.NaN, Infinity, null, undefined])(
  'refuses the port %j with one sentence',
  (value) => {
    const issues = wholeNumber('Port', 1, 65_535).safeParse(value).error?.issues
    expect(issues?.map(({ message }) => message)).toEqual(['Port must be a whole number from 1 to 65535.'])
  },
)
