import { expect, it } from 'vitest'

import {
  count,
  formatAge,
  formatBytes,
  formatDay,
  formatUntil,
  isWebAddress,
  withoutScheme,
} from './format.ts'

const NOW = Date.parse('2026-03-10T12:00:00.000Z')

it.each([
  ['2026-03-10T12:00:30.000Z', 'just now'],
  ['2026-03-10T11:59:01.000Z', 'just now'],
  ['2026-03-10T11:59:00.000Z', '1 min ago'],
  ['2026-03-10T11:00:01.000Z', '59 min ago'],
  ['2026-03-10T11:00:00.000Z', '1 h ago'],
  ['2026-03-09T12:00:01.000Z', '23 h ago'],
  ['2026-03-09T12:00:00.000Z', '1 d ago'],
  ['2026-02-09T12:00:00.000Z', '29 d ago'],
])('says the age of %s as "%s"', (iso, age) => {
  expect(formatAge(iso, NOW)).toBe(age)
})

it('says the date of what is older than a month', () => {
  expect(formatAge('2025-12-24T12:00:00.000Z', NOW)).toMatch(/2025/)
})

it.each([
  ['2026-03-10T11:59:59.000Z', 'any moment now'],
  ['2026-03-10T12:00:59.000Z', 'in less than a minute'],
  ['2026-03-10T12:01:01.000Z', 'in 2 min'],
  ['2026-03-10T14:30:00.000Z', 'in 3 h'],
  ['2026-03-12T11:59:59.000Z', 'in 48 h'],
  ['2026-03-17T11:30:00.000Z', 'in 7 d'],
])('says how long it is until %s as "%s"', (iso, until) => {
  expect(formatUntil(iso, NOW)).toBe(until)
})

it('counts in words', () => {
  expect([count(0, 'pod'), count(1, 'pod'), count(2, 'pod')]).toEqual(['0 pods', '1 pod', '2 pods'])
})

it('writes an address without what everybody knows', () => {
  expect(withoutScheme('https://abc.example.com/')).toBe('abc.example.com')
  expect(withoutScheme('http://abc.example.com:8080/path')).toBe('abc.example.com:8080/path')
})

it('follows no address that would run in the page', () => {
  expect(isWebAddress('https://abc.example.com')).toBe(true)
  expect(isWebAddress('javascript:alert(1)')).toBe(false)
  expect(isWebAddress('https://')).toBe(false)
})

it.each([
  ['2Gi', '2 GiB'],
  ['128Mi', '128 MiB'],
  ['2Ti', '2 TiB'],
  ['1500000', '1500000'],
])('writes the quantity %s as %s', (quantity, shown) => {
  expect(formatBytes(quantity)).toBe(shown)
})

it('writes a day without its hour', () => {
  expect(formatDay('2026-03-10T12:34:56.000Z')).toMatch(/^(?!.*34).*2026/)
})
