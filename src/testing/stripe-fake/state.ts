/** What the fake of Stripe remembers: plain data, so that it can be written to a file and read again. */
import type {
  CheckoutDoc,
  CouponDoc,
  CustomerDoc,
  DiscountDoc,
  EventDoc,
  InvoiceDoc,
  Metadata,
  PaymentMethodDoc,
  PriceDoc,
  SubscriptionDoc,
  UsageDoc,
} from './documents.ts'
import { missing } from './fault.ts'

/** By id, the oldest first. */
export type Table<Row> = Record<string, Row>

export interface CheckoutWanted {
  readonly customerId: string
  readonly priceId: string
  readonly trialDays: number
  readonly successUrl: string
  readonly cancelUrl: string | null
  readonly metadata: Metadata
  /** Of the subscription that comes of it. */
  readonly subscriptionMetadata: Metadata
}

interface Portal {
  readonly customer: string
  readonly returnUrl: string
}

export interface State {
  /** Where Stripe's pages are. */
  pagesUrl: string
  /** Seconds since 1970. */
  now: number
  /** How many ids of each prefix were given. */
  ids: Record<string, number>
  customers: Table<CustomerDoc>
  prices: Table<PriceDoc>
  paymentMethods: Table<PaymentMethodDoc>
  subscriptions: Table<SubscriptionDoc>
  invoices: Table<InvoiceDoc>
  checkouts: Table<CheckoutDoc>
  /** What a checkout is for, by its id. */
  checkoutWishes: Table<CheckoutWanted>
  /** Id → customer and where the page leads back to. */
  portals: Table<Portal>
  coupons: Table<CouponDoc>
  /** Promotion code → coupon. */
  promotionCodes: Record<string, string>
  discounts: Table<DiscountDoc>
  events: EventDoc[]
  /** By identifier. */
  usage: Table<UsageDoc>
  /** What becomes of a subscription whose last try to be paid failed: a setting of the account. */
  afterRetries: 'canceled' | 'unpaid' | 'past_due'
}

export const emptyState = (now: number, pagesUrl: string): State => ({
  pagesUrl,
  now,
  ids: {},
  customers: {},
  prices: {},
  paymentMethods: {},
  subscriptions: {},
  invoices: {},
  checkouts: {},
  checkoutWishes: {},
  portals: {},
  coupons: {},
  promotionCodes: {},
  discounts: {},
  events: [],
  usage: {},
  afterRetries: 'canceled',
})

/** `sub_fake0001`, `sub_fake0002`… */
export function nextId(state: State, prefix: string): string {
  const number = (state.ids[prefix] ?? 0) + 1
  state.ids[prefix] = number
  return `${prefix}_fake${String(number).padStart(4, '0')}`
}

/** @throws {StripeFault} 404, in Stripe's words */
export function find<Row>(table: Table<Row>, id: string, what: string): Row {
  return (Object.hasOwn(table, id) ? table[id] : undefined) ?? missing(what, id)
}

/** A customer that was not deleted. @throws {StripeFault} 404 */
export function liveCustomer(state: State, id: string): CustomerDoc {
  const customer = find(state.customers, id, 'customer')
  return customer.deleted ? missing('customer', id) : customer
}

/** Notes what happened, with the object as it is now. */
export function emit(state: State, type: string, object: object): void {
  state.events.push({
    id: nextId(state, 'evt'),
    object: 'event',
    ...{
      api_version: '2026-10-28.endive',
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
    },
    type,
    created: state.now,
    livemode: false,
    data: { object: structuredClone(object) as Record<string, unknown> },
  })
}

/** The oldest first, ended ones too. */
export const subscriptionsOf = (state: State, customerId: string): readonly SubscriptionDoc[] =>
  Object.values(state.subscriptions).filter(({ customer }) => customer === customerId)

export const hasEnded = ({ status }: SubscriptionDoc): boolean =>
  status === 'canceled' || status === 'incomplete_expired'
