import { expect, it } from 'vitest'

import { createEventParser } from './event-parser.ts'

const STREAM =
  ': hello\n\nevent: lines\nid: 7\ndata: {"a":1}\n\ndata: one\r\ndata:two\r\n\r\nevent: ping\ndata: {}\n\nevent: half\ndata: not yet'

const parseWhole = (pieces: string[]) => {
  const parse = createEventParser()
  return pieces.flatMap((piece) => parse(piece))
}

it('gives the events that are complete, with name, data and the last id', () => {
  expect(parseWhole([STREAM])).toEqual([
    { name: 'lines', data: '{"a":1}', lastId: '7' },
    { name: 'message', data: 'one\ntwo', lastId: '7' },
    { name: 'ping', data: '{}', lastId: '7' },
  ])
})

it('gives the same wherever the stream is cut', () => {
  const whole = parseWhole([STREAM])
  for (let cut = 0; cut <= STREAM.length; cut++) {
    expect(parseWhole([STREAM.slice(0, cut), STREAM.slice(cut)])).toEqual(whole)
  }
  expect(parseWhole(STREAM.split(''))).toEqual(whole)
})

it('gives nothing for a comment or an empty event', () => {
  expect(parseWhole([': ping\n\n', 'event: x\n\n', '\n\n'])).toEqual([])
})
