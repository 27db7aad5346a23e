import type { BillingInterval } from '../../ports/stripe/port.ts'
import type { PriceDoc } from './documents.ts'
import { emit, find, nextId, type State } from './state.ts'

export interface NewPrice {
  readonly id?: string
  readonly amount: number
  readonly currency?: string
  readonly interval: BillingInterval
  readonly name?: string
}

/** What every fake account sells at first: what an installation is configured with when it uses the fake. */
export const SEEDED_PRICES = [
  { id: 'price_business_month', amount: 2_900, interval: 'month', name: 'Business' },
  { id: 'price_business_year', amount: 29_000, interval: 'year', name: 'Business' },
  { id: 'price_enterprise_month', amount: 29_900, interval: 'month', name: 'Enterprise' },
  { id: 'price_enterprise_year', amount: 299_000, interval: 'year', name: 'Enterprise' },
] as const satisfies readonly NewPrice[]

export function addPrice(
  state: State,
  { id = nextId(state, 'price'), amount, currency = 'usd', interval, name = id }: NewPrice,
): PriceDoc {
  const price: PriceDoc = {
    id,
    object: 'price',
    ...{ billing_scheme: 'per_unit', created: state.now, livemode: false, metadata: {}, type: 'recurring' },
    ...{ custom_unit_amount: null, lookup_key: null, tax_behavior: 'exclusive', tiers_mode: null },
    ...{ transform_quantity: null, unit_amount_decimal: String(amount) },
    unit_amount: amount,
    currency,
    recurring: { interval, interval_count: 1, meter: null, usage_type: 'licensed' },
    product: `prod_${id}`,
    nickname: name,
    active: true,
  }
  state.prices[id] = price
  emit(state, 'price.created', price)
  return price
}

/** Nobody can subscribe by it any more; what runs goes on. */
export function retirePrice(state: State, id: string): void {
  const price = find(state.prices, id, 'price')
  price.active = false
  emit(state, 'price.updated', price)
}

/** As if it never was. */
export function deletePrice(state: State, id: string): void {
  emit(state, 'price.deleted', find(state.prices, id, 'price'))
  delete state.prices[id]
}
