import { expect, it } from 'vitest'

import { formatMoney } from './money.ts'

it('writes cents only where there are some, and none for currencies without', () => {
  expect(formatMoney(2900, 'usd')).toMatch(/29(?![.,]00)/)
  expect(formatMoney(2950, 'usd')).toMatch(/29[.,]50/)
  expect(formatMoney(2900, 'jpy')).toMatch(/2[.,\s]?900/)
  expect(formatMoney(-500, 'eur')).toMatch(/[-−]/)
})
