/**
 * Stripe's objects as its API shows them: what the fake works with is named, the rest is constant. Times are seconds since
 * 1970, money is in cents. Source: https://docs.stripe.com/api
 */
import type { BillingInterval, SubscriptionStatus } from '../../ports/stripe/port.ts'

export type Metadata = Record<string, string>

export interface CustomerDoc {
  readonly id: string
  readonly object: 'customer'
  readonly created: number
  email: string | null
  name: string | null
  metadata: Metadata
  /** Negative: what the customer has in credit. */
  balance: number
  currency: string | null
  delinquent: boolean
  deleted?: true
  invoice_settings: { default_payment_method: string | null } & Record<string, unknown>
}

export interface PriceDoc {
  readonly id: string
  readonly object: 'price'
  readonly unit_amount: number
  readonly currency: string
  readonly recurring: { readonly interval: BillingInterval; readonly interval_count: 1 } & Record<
    string,
    unknown
  >
  readonly product: string
  nickname: string | null
  active: boolean
}

export interface PaymentMethodDoc {
  readonly id: string
  readonly object: 'payment_method'
  readonly customer: string
  readonly type: 'card'
  readonly card: { readonly last4: string; readonly brand: string } & Record<string, unknown>
}

interface ItemDoc {
  readonly id: string
  readonly object: 'subscription_item'
  readonly subscription: string
  price: PriceDoc
  current_period_start: number
  current_period_end: number
}

export interface SubscriptionDoc {
  readonly id: string
  readonly object: 'subscription'
  readonly customer: string
  readonly created: number
  readonly currency: string
  metadata: Metadata
  status: SubscriptionStatus
  billing_cycle_anchor: number
  cancel_at_period_end: boolean
  cancel_at: number | null
  canceled_at: number | null
  ended_at: number | null
  trial_end: number | null
  default_payment_method: string | null
  latest_invoice: string | null
  /** Ids of discounts; at most one here. */
  discounts: string[]
  items: ListDoc & { data: [ItemDoc] }
}

export interface InvoiceDoc {
  readonly id: string
  readonly object: 'invoice'
  readonly customer: string
  readonly created: number
  readonly currency: string
  readonly total: number
  readonly lines: ListDoc & { data: readonly LineDoc[] }
  readonly parent: {
    readonly type: 'subscription_details'
    readonly subscription_details: { readonly subscription: string } & Record<string, unknown>
    readonly quote_details: null
  }
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void'
  amount_due: number
  amount_paid: number
  amount_remaining: number
  attempted: boolean
  attempt_count: number
  next_payment_attempt: number | null
  status_transitions: Record<
    'finalized_at' | 'marked_uncollectible_at' | 'paid_at' | 'voided_at',
    number | null
  >
}

export interface LineDoc {
  readonly id: string
  readonly object: 'line_item'
  readonly amount: number
  readonly description: string
  readonly [field: string]: unknown
}

export interface CheckoutDoc {
  readonly id: string
  readonly object: 'checkout.session'
  readonly created: number
  readonly expires_at: number
  readonly customer: string
  readonly metadata: Metadata
  readonly success_url: string
  readonly cancel_url: string | null
  status: 'open' | 'complete' | 'expired'
  payment_status: 'no_payment_required' | 'paid' | 'unpaid'
  subscription: string | null
  invoice: string | null
  url: string | null
}

export interface CouponDoc {
  readonly id: string
  readonly object: 'coupon'
  readonly percent_off: number
  readonly duration: 'forever' | 'once'
}

/** What a promotion code stands for on one subscription. */
export interface DiscountDoc {
  readonly id: string
  readonly object: 'discount'
  readonly source: { readonly type: 'coupon'; readonly coupon: string }
}

export interface EventDoc {
  readonly id: string
  readonly object: 'event'
  readonly type: string
  readonly created: number
  readonly livemode: false
  readonly data: { readonly object: Readonly<Record<string, unknown>> }
}

export interface UsageDoc {
  readonly object: 'billing.meter_event'
  readonly identifier: string
  readonly event_name: string
  readonly timestamp: number
  readonly payload: { readonly stripe_customer_id: string; readonly value: string }
}

interface ListDoc {
  readonly object: 'list'
  readonly has_more: boolean
  readonly url: string
}
