import { expect, it } from 'vitest'
import { LogPosition } from './log-position.ts'

const at = (second: number, nanos = '000000000'): string =>
  `2026-01-01T00:00:${String(second).padStart(2, '0')}.${nanos}Z`

it('takes a line apart, and counts those of the same instant', () => {
  const position = new LogPosition()
  expect(position.take(`${at(1)} one`)).toEqual({ timestamp: at(1), ordinal: 0, text: 'one' })
  expect(position.take(`${at(1)} two  words`)).toEqual({ timestamp: at(1), ordinal: 1, text: 'two  words' })
  expect(position.take(`${at(2)} `)).toEqual({ timestamp: at(2), ordinal: 0, text: '' })
  expect(position.take(at(3))).toEqual({ timestamp: at(3), ordinal: 0, text: '' })
  expect(position.since()).toBe('2026-01-01T00:00:03Z')
})

it('writes every timestamp the same way', () => {
  const position = new LogPosition()
  const stamps = [
    '2026-01-01T02:00:01.5+02:00',
    '2026-01-01T00:00:02Z',
    '2025-12-31T19:00:03.123456789-05:00',
  ]
  expect(stamps.map((stamp) => position.take(`${stamp} x`)?.timestamp)).toEqual([
    at(1, '500000000'),
    at(2),
    at(3, '123456789'),
  ])
})

it('puts a remark without a timestamp with the line before it', () => {
  const position = new LogPosition()
  expect(position.take('unable to retrieve logs')).toEqual({
    timestamp: '',
    ordinal: 0,
    text: 'unable to retrieve logs',
  })
  expect(position.since()).toBeUndefined()
  position.take(`${at(1)} one`)
  expect(position.take('a remark')).toEqual({ timestamp: at(1), ordinal: 1, text: 'a remark' })
})

it('drops what it has seen after a reconnect, and nothing else', () => {
  const position = new LogPosition()
  for (const line of [`${at(1)} a`, `${at(2)} b`, `${at(2)} b`]) position.take(line)
  position.reconnect()
  const again = [`${at(1)} a`, `${at(2)} b`, `${at(2)} b`, `${at(2)} b`, `${at(3)} c`, `${at(3)} c`]
  expect(again.map((line) => position.take(line)?.ordinal)).toEqual([
    undefined,
    undefined,
    undefined,
    2,
    0,
    1,
  ])
})

it('does not drop lines that a node wrote with an earlier time while it is not catching up', () => {
  const position = new LogPosition()
  position.take(`${at(5)} late`)
  expect(position.take(`${at(4)} early`)).toMatchObject({ text: 'early' })
})
