/**
 * What Shipyard asks of Stripe. Money is in the smallest unit of its currency (cents), times are `Date`s, ids are Stripe's
 * own. Each organisation has at most one customer.
 *
 * Every call may throw an {@link AppError}: `STRIPE_UNAVAILABLE` when Stripe cannot be reached, is slow or says "later"
 * (trying again helps), `STRIPE_REFUSED` when it refuses for good, with its own words as `because`. What makes something
 * takes a `key`: with the same key it is made once, however often it is asked for.
 */
import type { OrgId } from '../../contract/ids.ts'

/** Stripe's own words (https://docs.stripe.com/api/subscriptions/object#subscription_object-status). */
export const SUBSCRIPTION_STATUSES = [
  'incomplete',
  'incomplete_expired',
  'trialing',
  'active',
  'past_due',
  'canceled',
  'unpaid',
  'paused',
] as const
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number]

export type BillingInterval = 'month' | 'year'

/** A subscription as it is now. */
export interface StripeSubscription {
  readonly id: string
  readonly customerId: string
  /** From its metadata: which organisation asked for it. */
  readonly orgId: OrgId | undefined
  readonly status: SubscriptionStatus
  /** Of its first item; undefined when the price was deleted. */
  readonly priceId: string | undefined
  readonly interval: BillingInterval | undefined
  readonly currency: string
  readonly createdAt: Date
  readonly currentPeriodEnd: Date | undefined
  readonly cancelAtPeriodEnd: boolean
  readonly cancelAt: Date | undefined
  readonly endedAt: Date | undefined
  readonly trialEnd: Date | undefined
  /** Since when its oldest open invoice is due; undefined when nothing is due. */
  readonly unpaidSince: Date | undefined
}

export interface StripeCustomer {
  readonly id: string
  readonly orgId: OrgId | undefined
  readonly isDeleted: boolean
  readonly email: string | undefined
}

export interface StripePrice {
  readonly id: string
  readonly isActive: boolean
  readonly amount: number
  readonly currency: string
  readonly interval: BillingInterval | undefined
}

export interface StripeInvoice {
  readonly id: string
  readonly number: string | undefined
  readonly status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void'
  readonly total: number
  readonly currency: string
  readonly createdAt: Date
  /** Pages of Stripe's. */
  readonly pageUrl: string | undefined
  readonly pdfUrl: string | undefined
}

export interface StripePaymentMethod {
  readonly id: string
  /** `card`, `sepa_debit`… */
  readonly type: string
  readonly brand: string | undefined
  readonly last4: string | undefined
  readonly expires: { readonly month: number; readonly year: number } | undefined
  readonly isDefault: boolean
}

/** What a change of plan costs. Negative is in the customer's favour. */
export interface ProrationPreview {
  /** Charged (or credited) now for the rest of the period. */
  readonly dueNow: number
  /** The invoice after it. */
  readonly next: { readonly total: number; readonly at: Date | undefined }
  readonly currency: string
  readonly lines: readonly { readonly description: string; readonly amount: number }[]
  /** To be given to {@link StripePort.changePrice}, so that what was shown is what is charged. */
  readonly prorationAt: Date
}

/** An event without its payload's meaning: it only says about what something happened. */
export interface StripeEventNotice {
  readonly id: string
  readonly type: string
  readonly isLive: boolean
  readonly createdAt: Date
  /** Whose; undefined for what is about no customer. */
  readonly customerId: string | undefined
  /** The whole event, as it came. */
  readonly payload: Readonly<Record<string, unknown>>
}

export interface CheckoutRequest {
  readonly key: string
  readonly orgId: OrgId
  readonly customerId: string
  readonly priceId: string
  /** 0: none. */
  readonly trialDays: number
  readonly successUrl: string
  readonly cancelUrl: string
}

export interface StripePort {
  /** Made once for each key; the organisation is in its metadata. */
  createCustomer(request: {
    readonly key: string
    readonly orgId: OrgId
    readonly name: string
    readonly email: string
  }): Promise<StripeCustomer>
  /** Undefined: there never was one. A deleted one says so. */
  findCustomer(customerId: string): Promise<StripeCustomer | undefined>
  /** All, for comparing; page by page. */
  listCustomers(): AsyncIterable<StripeCustomer>

  /** A page of Stripe's where a subscription is paid for. With promotion codes and tax ids. */
  createCheckout(
    request: CheckoutRequest,
  ): Promise<{ readonly id: string; readonly url: string; readonly expiresAt: Date }>
  /** Nobody can subscribe by it any more; harmless when it is over already. */
  expireCheckout(checkoutId: string): Promise<void>
  /** Those of a customer that can still be paid. */
  listOpenCheckouts(
    customerId: string,
  ): Promise<readonly { readonly id: string; readonly url: string; readonly priceId: string | undefined }[]>
  /** A page of Stripe's for cards, addresses and invoices. */
  createPortal(request: {
    readonly customerId: string
    readonly returnUrl: string
  }): Promise<{ readonly url: string }>

  /** Every subscription of a customer, ended ones too, newest first. */
  listSubscriptions(customerId: string): Promise<readonly StripeSubscription[]>
  /** Of everybody that did not end, for comparing; page by page. */
  listAllSubscriptions(): AsyncIterable<StripeSubscription>
  previewChange(request: {
    readonly subscriptionId: string
    readonly priceId: string
  }): Promise<ProrationPreview>
  /** Another price from now on. */
  changePrice(request: {
    readonly key: string
    readonly subscriptionId: string
    readonly priceId: string
    readonly prorationAt: Date
  }): Promise<StripeSubscription>
  /** Ends with the period that is paid, or (false) goes on. */
  setCancelAtPeriodEnd(request: {
    readonly key: string
    readonly subscriptionId: string
    readonly cancels: boolean
  }): Promise<StripeSubscription>
  /** At once; what was paid for the rest is credited. For a second subscription, and for an organisation that is deleted. */
  cancelNow(request: { readonly key: string; readonly subscriptionId: string }): Promise<StripeSubscription>

  /** Those that exist, of the ones asked for. */
  findPrices(priceIds: readonly string[]): Promise<readonly StripePrice[]>
  /** Newest first, 24 at most. */
  listInvoices(customerId: string): Promise<readonly StripeInvoice[]>
  listPaymentMethods(customerId: string): Promise<readonly StripePaymentMethod[]>

  /** What happened since then, oldest first; Stripe keeps events for 30 days. */
  listEvents(since: Date): AsyncIterable<StripeEventNotice>
  /**
   * Checks the signature over the raw body against each secret, with 300 s of tolerance.
   *
   * @throws {AppError} WEBHOOK_REFUSED with why: no signature, a wrong one, too old, no event
   */
  readWebhook(request: { readonly body: Buffer; readonly signature: string | undefined }): StripeEventNotice
  /** Usage of a meter (https://docs.stripe.com/billing/subscriptions/usage-based). The key is the event's identifier. */
  reportUsage(request: {
    readonly key: string
    readonly eventName: string
    readonly customerId: string
    readonly value: number
    readonly at: Date
  }): Promise<void>
}
