import fc from 'fast-check'
import { expect, it } from 'vitest'

import { createEventParser } from './event-parser.ts'

it('reads names, data of several lines, ids and comments', () => {
  const parse = createEventParser()
  const text = ': hello\nevent: lines\nid: 7\ndata: a\ndata: b\n\ndata:c\n\nevent: nothing\n\n'
  expect(parse(text)).toEqual([
    { name: 'lines', data: 'a\nb', lastId: '7' },
    { name: 'message', data: 'c', lastId: '7' },
  ])
})

it('gives the same events wherever the text is cut', () => {
  const text = 'event: a\r\ndata: {"x":"1"}\r\nid: 1\r\n\r\ndata: ü\n\nevent: b\rdata: y\r\r'
  const whole = createEventParser()(`${text}\n`)
  expect(whole.length).toBe(3)
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
      const parse = createEventParser()
      const pieces = places.slice(1).map((to, index) => text.slice(places[index], to))
      expect([...pieces, '\n'].flatMap((piece) => parse(piece))).toEqual(whole)
    }),
  )
})
