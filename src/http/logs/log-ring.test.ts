import { expect, it } from 'vitest'

import type { LogEntry } from '../../modules/logs/schema.ts'
import { createLogRing } from './log-ring.ts'

const at = (n: number): string => `2026-01-01T00:00:00.${String(n).padStart(9, '0')}Z`
const line = (n: number, text = `${n}`): LogEntry => [at(n), 0, text]
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

it('keeps the last lines and numbers all of them', () => {
  const ring = createLogRing({ lines: 10, characters: 1e6 })
  for (const n of numbers(0, 100)) ring.add([line(n)])
  expect(ring.end).toBe(100)
  expect(ring.end - ring.start).toBeGreaterThanOrEqual(10)
  expect(ring.end - ring.start).toBeLessThanOrEqual(13)
  expect(ring.read(95, 10).map(([, , text]) => text)).toEqual(['95', '96', '97', '98', '99'])
  expect(ring.read(0, 1)[0]?.[2]).toBe(String(ring.start))
})

it('keeps no more characters than it may', () => {
  const ring = createLogRing({ lines: 1e6, characters: 1_000 })
  for (const n of numbers(0, 100)) ring.add([line(n, 'x'.repeat(100))])
  expect(ring.end - ring.start).toBeLessThanOrEqual(13)
  ring.add([line(100, 'x'.repeat(5_000))])
  expect(ring.end).toBe(101)
})

it('finds the first line of an instant or later', () => {
  const ring = createLogRing({ lines: 100, characters: 1e6 })
  ring.add(numbers(0, 50).map((n) => line(n * 2)))
  expect(ring.since(at(10))).toBe(5)
  expect(ring.since(at(11))).toBe(6)
  expect(ring.since(at(0))).toBe(0)
  expect(ring.since(at(1_000))).toBe(50)
})
