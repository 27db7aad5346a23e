import { expect, it } from 'vitest'

import { judgeBudget } from './budgets.ts'
import { letterOf } from './deliver-budget.ts'
import { boundsOf, monthOf } from './months.ts'
import { costOf } from './prices.ts'

const prices = { currency: 'eur', cpuHour: 0.04, memoryHour: 0.005, storageMonth: 0.73 }
const hard = { amountCents: 1000, stops: true, warnedMonth: null }

it.each([
  { spent: 799.9, warns: false, stops: false },
  { spent: 800, warns: true, stops: false },
  { spent: 999.99, warns: true, stops: false },
  { spent: 1000, warns: true, stops: true },
])('of a budget of 1000, at $spent warns $warns and stops $stops', ({ spent, ...judged }) => {
  expect(judgeBudget(hard, spent, '2030-01')).toEqual(judged)
})

it('warns once a month, and stops only what is to be stopped', () => {
  expect(judgeBudget({ ...hard, warnedMonth: '2030-01' }, 900, '2030-01').warns).toBe(false)
  expect(judgeBudget({ ...hard, warnedMonth: '2030-01' }, 900, '2030-02').warns).toBe(true)
  expect(judgeBudget({ ...hard, stops: false }, 5000, '2030-01').stops).toBe(false)
})

it('stops nothing where there is no budget (any more), or nothing has a price', () => {
  expect(judgeBudget({ ...hard, amountCents: null }, 5000, '2030-01')).toEqual({ warns: false, stops: false })
  expect(judgeBudget(hard, null, '2030-01')).toEqual({ warns: false, stops: false })
})

it('reckons what was used in cents', () => {
  const used = { cpu: 2000 * 3600, memory: 4096 * 3600, storage: 1024 * 3600 * 730 }
  expect(costOf(used, prices)).toBeCloseTo(8 + 2 + 73, 9)
  expect(costOf(used, undefined)).toBeNull()
})

it('begins and ends months by UTC', () => {
  expect(monthOf(Date.UTC(2030, 11, 31, 23, 59, 59))).toBe('2030-12')
  expect(boundsOf('2030-12')).toEqual({
    from: new Date(Date.UTC(2030, 11, 1)),
    to: new Date(Date.UTC(2031, 0, 1)),
  })
})

it('writes of sums as people read them, and escapes names', () => {
  const budget = { amountCents: 1000, stops: true, isStopped: false, spentCents: 812.3, currency: 'eur' }
  const { text, html } = letterOf('warned', {
    ...{ id: 'out_1', to: 'ada@example.com', orgName: 'A <b> & "c"', budget },
    link: 'https://x.example/usage',
  })
  expect(text).toContain('€8.12 of €10.00')
  expect(html).toContain('A &lt;b&gt; &amp; &quot;c&quot;')
  expect(html).not.toContain('<b>')
})
