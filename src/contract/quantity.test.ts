import fc from 'fast-check'
import { expect, it } from 'vitest'

import {
  compareQuantities,
  CpuQuantity,
  MemoryQuantity,
  milliOf,
  StorageQuantity,
  sumQuantities,
} from './quantity.ts'

it.each([
  ['1', 1000n],
  ['250m', 250n],
  ['1.5', 1500n],
  ['0.0001', 1n],
  ['1k', 1_000_000n],
  ['1Ki', 1_024_000n],
  ['1.5Gi', 1_610_612_736_000n],
  ['1E', 1_000_000_000_000_000_000_000n],
  ['9999Ti', 9999n * 1024n ** 4n * 1000n],
])('reads %s', (quantity, milli) => {
  expect(milliOf(quantity)).toBe(milli)
})

it.each([
  '',
  'a',
  '-1',
  '+1',
  '1e3',
  '1 Gi',
  '1gi',
  '.5',
  '1.',
  '1mi',
  '1KI',
  '1Mi ',
  'Infinity',
  '1'.repeat(31),
])('takes %j for no quantity', (text) => {
  expect(milliOf(text)).toBeUndefined()
  expect(compareQuantities(text, '1')).toBe(0)
})

it('compares exactly, where floating point would not', () => {
  expect(compareQuantities('1024Mi', '1Gi')).toBe(0)
  expect(compareQuantities('1000m', '1')).toBe(0)
  expect(compareQuantities('9007199254740993', '9007199254740992')).toBe(1)
  expect(compareQuantities('100m', '0.2')).toBe(-1)
})

it('orders like the numbers they stand for', () => {
  const number = fc.integer({ min: 1, max: 9999 })
  const unit = fc.constantFrom('', 'm', 'k', 'Ki', 'Mi', 'G')
  const quantity = fc.tuple(number, unit).map((parts) => parts.join(''))
  fc.assert(
    fc.property(quantity, quantity, (a, b) => {
      expect(compareQuantities(a, b)).toBe(-compareQuantities(b, a) + 0)
      const [left, right] = [milliOf(a) ?? 0n, milliOf(b) ?? 0n]
      expect(Math.sign(Number(left - right))).toBe(compareQuantities(a, b))
      expect(milliOf(sumQuantities([a, b]))).toBe(left + right)
    }),
  )
})

it('sums to the plainest form', () => {
  expect(sumQuantities(['500m', '1.5'])).toBe('2')
  expect(sumQuantities(['100m', '150m'])).toBe('250m')
  expect(sumQuantities([])).toBe('0')
})

it.each(['1m', '250m', '999999m', '1', '999', '0.5', '2.125', '0.001'])('takes %s of CPU', (text) => {
  expect(CpuQuantity.parse(text)).toBe(text)
})

it.each(['0', '0m', '-1', '1000', '1000000m', '1.5m', '0.0001', '0.000', '1Gi', '01', '1e1', ' 1', 1, null])(
  'refuses %j of CPU',
  (text) => expect(CpuQuantity.safeParse(text).success).toBe(false),
)

it.each(['1', '128Mi', '1.5Gi', '9999Ti', '2G', '134217728', '1k'])(
  'takes %s of memory and storage',
  (text) => {
    expect(MemoryQuantity.parse(text)).toBe(text)
    expect(StorageQuantity.parse(text)).toBe(text)
  },
)

it.each(['0', '0Mi', '-1Gi', '10000Mi', '1gi', '1GB', '1m', '1.1234Gi', '01Mi', '1 Gi', '1Pi', '', 128])(
  'refuses %j of memory and storage',
  (text) => {
    expect(MemoryQuantity.safeParse(text).success).toBe(false)
    expect(StorageQuantity.safeParse(text).success).toBe(false)
  },
)

it('reads every quantity that the schemas take', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0123456789.mkMGTi'.split('')), maxLength: 8 })
  fc.assert(
    fc.property(text, (quantity) => {
      const isTaken = [CpuQuantity, MemoryQuantity].some((schema) => schema.safeParse(quantity).success)
      expect(!isTaken || (milliOf(quantity) ?? 0n) > 0n).toBe(true)
    }),
    { numRuns: 5000 },
  )
})
