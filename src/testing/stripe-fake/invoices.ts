/** Invoices: made, tried, tried again, paid. An invoice of ours has no hour as a draft: it is due at once. */
import type { InvoiceDoc, LineDoc, SubscriptionDoc } from './documents.ts'
import { DAY } from './periods.ts'
import { emit, find, nextId, type State } from './state.ts'

/** When a charge that failed is tried again, in days after the try before. */
const RETRY_DAYS = [3, 5, 7]
/** The last digits of Stripe's test cards 4242 4242 4242 4242 and 4000 0000 0000 0341. */
export const LAST4 = { pays: '4242', declines: '0341' } as const

export interface Line {
  readonly description: string
  readonly amount: number
  readonly start: number
  readonly end: number
  readonly isProration?: boolean
}

export type BillingReason = 'subscription_create' | 'subscription_cycle' | 'subscription_update'

/** Percent that a coupon takes off. */
function percentOff(state: State, { discounts }: SubscriptionDoc): number {
  const [discount] = discounts
  if (discount === undefined) return 0
  const { coupon } = find(state.discounts, discount, 'discount').source
  return find(state.coupons, coupon, 'coupon').percent_off
}

/** What lines come to, after a coupon and with what the customer has in credit. */
export function sumUp(state: State, subscription: SubscriptionDoc, lines: readonly Line[]) {
  const customer = find(state.customers, subscription.customer, 'customer')
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0)
  const total = subtotal - Math.round((subtotal * percentOff(state, subscription)) / 100)
  const balanceAfter = total < 0 ? customer.balance + total : Math.min(0, customer.balance + total)
  const due = total < 0 ? 0 : Math.max(0, total + Math.min(0, customer.balance))
  return { subtotal, total, due, balance: customer.balance, balanceAfter }
}

/** The document of an invoice that may be made; nothing is kept. */
export function draftInvoice(
  state: State,
  subscription: SubscriptionDoc,
  { id, lines, reason }: { id: string; lines: readonly Line[]; reason: BillingReason },
): InvoiceDoc {
  const { subtotal, total, due, balance, balanceAfter } = sumUp(state, subscription, lines)
  const customer = find(state.customers, subscription.customer, 'customer')
  const [item] = subscription.items.data
  const data = lines.map((line, index) =>
    lineDoc(line, { id: `il_${id}_${index}`, invoice: id, subscription }),
  )
  return {
    ...CONSTANT,
    id,
    object: 'invoice',
    customer: customer.id,
    ...{ customer_email: customer.email, customer_name: customer.name },
    created: state.now,
    currency: subscription.currency,
    ...{ billing_reason: reason, subtotal, period_start: item.current_period_start, period_end: state.now },
    ...{ starting_balance: balance, ending_balance: balanceAfter },
    total,
    lines: { object: 'list', has_more: false, url: `/v1/invoices/${id}/lines`, data },
    parent: {
      type: 'subscription_details',
      subscription_details: { subscription: subscription.id, metadata: subscription.metadata },
      quote_details: null,
    },
    status: 'draft',
    amount_due: due,
    amount_paid: 0,
    amount_remaining: due,
    attempted: false,
    attempt_count: 0,
    next_payment_attempt: null,
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  }
}

/** Makes an invoice that is due, and tries to have it paid. @returns whether it is paid */
export function bill(
  state: State,
  subscription: SubscriptionDoc,
  wanted: { lines: readonly Line[]; reason: BillingReason },
): boolean {
  const invoice = keepInvoice(state, subscription, wanted)
  invoice.status = 'open'
  invoice.status_transitions.finalized_at = state.now
  emit(state, 'invoice.finalized', invoice)
  return tryToPay(state, invoice)
}

/** Makes an invoice and leaves it as a draft, as for a subscription that nobody pays. */
export function keepInvoice(
  state: State,
  subscription: SubscriptionDoc,
  wanted: { lines: readonly Line[]; reason: BillingReason },
): InvoiceDoc {
  const id = nextId(state, 'in')
  const invoice = draftInvoice(state, subscription, { id, ...wanted })
  const page = `${state.pagesUrl}/i/${id}`
  Object.assign(invoice, {
    number: `FAKE-${id.slice(-4)}`,
    hosted_invoice_url: page,
    invoice_pdf: `${page}/pdf`,
  })
  state.invoices[id] = invoice
  subscription.latest_invoice = id
  const customer = find(state.customers, subscription.customer, 'customer')
  customer.balance = sumUp(state, subscription, wanted.lines).balanceAfter
  customer.currency ??= subscription.currency
  emit(state, 'invoice.created', invoice)
  return invoice
}

/** The card that a subscription is paid by. */
export function canPay(state: State, subscription: SubscriptionDoc): boolean {
  const customer = find(state.customers, subscription.customer, 'customer')
  const id = subscription.default_payment_method ?? customer.invoice_settings.default_payment_method
  const card = id === null ? undefined : state.paymentMethods[id]
  return card !== undefined && card.card.last4 !== LAST4.declines
}

/** @returns whether it is paid */
export function tryToPay(state: State, invoice: InvoiceDoc): boolean {
  const subscription = subscriptionOf(state, invoice)
  if (invoice.amount_due > 0) {
    invoice.attempted = true
    invoice.attempt_count += 1
    if (!canPay(state, subscription)) {
      const days = RETRY_DAYS[invoice.attempt_count - 1]
      invoice.next_payment_attempt = days === undefined ? null : state.now + days * DAY
      find(state.customers, invoice.customer, 'customer').delinquent = true
      emit(state, 'invoice.payment_failed', invoice)
      return false
    }
  }
  markPaid(state, invoice)
  return true
}

function markPaid(state: State, invoice: InvoiceDoc): void {
  Object.assign(invoice, { amount_paid: invoice.amount_due, amount_remaining: 0, attempted: true })
  invoice.status = 'paid'
  invoice.next_payment_attempt = null
  invoice.status_transitions.paid_at = state.now
  find(state.customers, invoice.customer, 'customer').delinquent =
    openInvoices(state, invoice.customer).length > 0
  emit(state, 'invoice.paid', invoice)
  emit(state, 'invoice.payment_succeeded', invoice)
}

export const subscriptionOf = (state: State, { parent }: InvoiceDoc): SubscriptionDoc =>
  find(state.subscriptions, parent.subscription_details.subscription, 'subscription')

/** Due and not paid, the oldest first. */
export const openInvoices = (state: State, customerId: string): readonly InvoiceDoc[] =>
  Object.values(state.invoices).filter(({ customer, status }) => customer === customerId && status === 'open')

interface Place {
  readonly id: string
  readonly invoice: string
  readonly subscription: SubscriptionDoc
}

const lineDoc = ({ amount, description, start, end, isProration = false }: Line, place: Place): LineDoc => ({
  id: place.id,
  object: 'line_item',
  amount,
  description,
  ...{ currency: place.subscription.currency, discountable: true, discounts: [], discount_amounts: [] },
  ...{ invoice: place.invoice, livemode: false, metadata: {}, period: { start, end }, quantity: 1 },
  ...{ subscription: place.subscription.id, subtotal: amount, taxes: [], pricing: null },
  parent: {
    type: 'subscription_item_details',
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: null,
      proration: isProration,
      proration_details: { credited_items: null },
      subscription: place.subscription.id,
      subscription_item: place.subscription.items.data[0].id,
    },
  },
})

const CONSTANT = {
  amount_overpaid: 0,
  amount_paid_off_stripe: 0,
  amount_shipping: 0,
  auto_advance: true,
  automatic_tax: { enabled: false, disabled_reason: null, liability: null, provider: null, status: null },
  collection_method: 'charge_automatically',
  default_tax_rates: [],
  discounts: [],
  issuer: { type: 'self' },
  livemode: false,
  metadata: {},
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  number: null,
}
