import { expect, it } from 'vitest'

import { creditAfter } from './credits.ts'

it.each([
  { balance: 1000, costs: [], left: 1000, used: 0 },
  { balance: 1000, costs: [300.5], left: 699.5, used: 300.5 },
  { balance: 1000, costs: [900, 300], left: 0, used: 100 },
  { balance: 1000, costs: [2000, 300], left: 0, used: 0 },
  { balance: -50, costs: [10], left: 0, used: 0 },
  // An hour before had too much.
  { balance: 100, costs: [-20, 30], left: 70, used: 30 },
])('leaves $left of $balance after months that cost $costs', ({ balance, costs, left, used }) => {
  expect(creditAfter(balance, costs)).toEqual({ left, used })
})
