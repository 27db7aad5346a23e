/** Stripe's documents in Shipyard's words. */
import type { Stripe } from 'stripe'

import { OrgId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import {
  SUBSCRIPTION_STATUSES,
  type BillingInterval,
  type StripeCustomer,
  type StripeInvoice,
  type StripePaymentMethod,
  type StripePrice,
  type StripeSubscription,
  type SubscriptionStatus,
} from './port.ts'

/** Under which name the organisation is in the metadata of what is made for it. */
export const ORG_KEY = 'shipyard_org'
/** Under which name the price is in the metadata of a checkout. */
export const PRICE_KEY = 'shipyard_price'

export const dateOf = (seconds: number): Date => new Date(seconds * 1000)

const dateIf = (seconds: number | null | undefined): Date | undefined =>
  typeof seconds === 'number' ? dateOf(seconds) : undefined

export const idOf = (reference: string | { readonly id: string }): string =>
  typeof reference === 'string' ? reference : reference.id

/** Metadata may be changed by whoever has the account with Stripe. */
const orgOf = (metadata: Stripe.Metadata | null | undefined): OrgId | undefined =>
  OrgId.safeParse(metadata?.[ORG_KEY]).data

const intervalOf = (interval: string | undefined): BillingInterval | undefined =>
  interval === 'month' || interval === 'year' ? interval : undefined

/** A state that Shipyard has no row for is not guessed at: what was last known holds. */
const statusOf = ({ id, status }: Stripe.Subscription): SubscriptionStatus =>
  SUBSCRIPTION_STATUSES.find((each) => each === status) ??
  fail('STRIPE_UNAVAILABLE', {}, { because: `the subscription ${id} is ${status}, which is unknown` })

const INVOICE_STATUSES = ['draft', 'open', 'paid', 'uncollectible', 'void'] as const

export function customerOf(customer: Stripe.Customer | Stripe.DeletedCustomer): StripeCustomer {
  if (customer.deleted) return { id: customer.id, orgId: undefined, isDeleted: true, email: undefined }
  const { id, metadata, email } = customer
  return { id, orgId: orgOf(metadata), isDeleted: false, email: email ?? undefined }
}

export function subscriptionOf(
  subscription: Stripe.Subscription,
  unpaidSince: Date | undefined,
): StripeSubscription {
  const [item] = subscription.items.data
  return {
    id: subscription.id,
    customerId: idOf(subscription.customer),
    orgId: orgOf(subscription.metadata),
    status: statusOf(subscription),
    priceId: item?.price.id,
    interval: intervalOf(item?.price.recurring?.interval),
    currency: subscription.currency,
    createdAt: dateOf(subscription.created),
    currentPeriodEnd: dateIf(item?.current_period_end),
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    cancelAt: dateIf(subscription.cancel_at),
    endedAt: dateIf(subscription.ended_at),
    trialEnd: dateIf(subscription.trial_end),
    unpaidSince,
  }
}

export const priceOf = (price: Stripe.Price): StripePrice => ({
  id: price.id,
  isActive: price.active,
  amount: price.unit_amount ?? 0,
  currency: price.currency,
  interval: intervalOf(price.recurring?.interval),
})

export const invoiceOf = (invoice: Stripe.Invoice): StripeInvoice => ({
  id: invoice.id,
  number: invoice.number ?? undefined,
  status: INVOICE_STATUSES.find((each) => each === invoice.status) ?? 'draft',
  total: invoice.total,
  currency: invoice.currency,
  createdAt: dateOf(invoice.created),
  pageUrl: invoice.hosted_invoice_url ?? undefined,
  pdfUrl: invoice.invoice_pdf ?? undefined,
})

export const paymentMethodOf = (
  { id, type, card, sepa_debit: sepa }: Stripe.PaymentMethod,
  isDefault: boolean,
): StripePaymentMethod => ({
  id,
  type,
  brand: card?.brand,
  last4: card?.last4 ?? sepa?.last4 ?? undefined,
  expires: card ? { month: card.exp_month, year: card.exp_year } : undefined,
  isDefault,
})
