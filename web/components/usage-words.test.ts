import { expect, it } from 'vitest'

import { amountOf, centsOf, daysOf, monthBeside } from './usage-words.ts'

const amounts = { cpuHours: 12.345, memoryGibHours: 0.004, storageGibHours: 1234.5, cents: 812.3 }
const prices = { currency: 'eur', cpuHour: 1, memoryHour: 1, storageMonth: 1 }

it('writes amounts with as many digits as somebody reads', () => {
  expect(amountOf(amounts, 'cpuHours', null)).toBe('12.3 core hours')
  expect(amountOf(amounts, 'memoryGibHours', null)).toBe('under 0.01 GiB hours')
  expect(amountOf(amounts, 'storageGibHours', null)).toMatch(/^1.?23[45] GiB hours$/)
  expect(amountOf(amounts, 'cents', prices)).toContain('8.12')
})

it('knows the months beside a month, and its days', () => {
  expect([monthBeside('2026-01', -1), monthBeside('2026-12', 1)]).toEqual(['2025-12', '2027-01'])
  expect(daysOf('2028-02')).toHaveLength(29)
  expect(daysOf('2026-01').at(-1)).toBe('2026-01-31')
})

it.each([
  { typed: '12', cents: 1200 },
  { typed: ' 12.5 ', cents: 1250 },
  { typed: '12,05', cents: 1205 },
  { typed: '', cents: undefined },
  { typed: '-1', cents: undefined },
  { typed: '1.234', cents: undefined },
  { typed: 'ten', cents: undefined },
])('reads $typed as money', ({ typed, cents }) => {
  expect(centsOf(typed)).toBe(cents)
})
