/** A subscription's life: made, renewed, changed, cancelled. */
import type { DiscountDoc, PriceDoc, SubscriptionDoc } from './documents.ts'
import { declined, invalid } from './fault.ts'
import { bill, canPay, keepInvoice, sumUp, type Line } from './invoices.ts'
import { DAY, periodEnd } from './periods.ts'
import { emit, find, hasEnded, nextId, type State } from './state.ts'

export interface Wanted {
  readonly customerId: string
  readonly priceId: string
  readonly trialDays?: number
  readonly metadata?: Record<string, string>
  readonly paymentMethod?: string | null
  /** A promotion code that exists. */
  readonly promotionCode?: string
}

/** A subscription, with its first invoice: trialing, active, or incomplete where nobody pays that. */
export function startSubscription(state: State, wanted: Wanted): SubscriptionDoc {
  const price = usablePrice(state, wanted.priceId)
  const customer = find(state.customers, wanted.customerId, 'customer')
  if (customer.currency !== null && customer.currency !== price.currency)
    invalid(
      `You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency ${customer.currency}`,
    )
  const subscription = subscriptionDoc(state, wanted, price)
  state.subscriptions[subscription.id] = subscription
  const code = wanted.promotionCode
  if (code !== undefined) subscription.discounts = [discountBy(state, code).id]
  const isTrial = subscription.trial_end !== null
  emit(state, 'customer.subscription.created', subscription)
  const lines = isTrial ? [] : [periodLine(subscription)]
  const isPaid = bill(state, subscription, { lines, reason: 'subscription_create' })
  if (isTrial) setStatus(state, subscription, 'trialing')
  else if (isPaid) setStatus(state, subscription, 'active')
  else emit(state, 'customer.subscription.updated', subscription)
  return subscription
}

/** @throws {StripeFault} there is none, or it may not be used any more */
export function usablePrice(state: State, id: string): PriceDoc {
  if (!Object.hasOwn(state.prices, id))
    invalid(`No such price: '${id}'`, { code: 'resource_missing', param: 'line_items[0][price]' })
  const price = find(state.prices, id, 'price')
  if (!price.active)
    invalid('The price specified is inactive. This field only accepts active prices.', { param: 'price' })
  return price
}

function discountBy(state: State, code: string): DiscountDoc {
  const coupon = state.promotionCodes[code] ?? invalid('This code is invalid.', { param: 'promotion_code' })
  const id = nextId(state, 'di')
  const discount: DiscountDoc = { id, object: 'discount', source: { type: 'coupon', coupon } }
  Object.assign(discount, { start: state.now, end: null, customer: null, promotion_code: null })
  return (state.discounts[id] = discount)
}

/** The next period begins, and is billed; or it all ends. */
export function renew(state: State, subscription: SubscriptionDoc): void {
  if (subscription.cancel_at_period_end) return end(state, subscription)
  const [item] = subscription.items.data
  const wasTrial = subscription.status === 'trialing'
  if (wasTrial) subscription.billing_cycle_anchor = state.now
  item.current_period_start = item.current_period_end
  item.current_period_end = periodEnd(
    subscription.billing_cycle_anchor,
    item.current_period_start,
    item.price.recurring.interval,
  )
  const wanted = { lines: [periodLine(subscription)], reason: 'subscription_cycle' } as const
  if (subscription.status === 'unpaid') {
    keepInvoice(state, subscription, wanted)
    emit(state, 'customer.subscription.updated', subscription)
    return
  }
  setStatus(state, subscription, bill(state, subscription, wanted) ? 'active' : 'past_due')
}

/** It is over now. */
export function end(state: State, subscription: SubscriptionDoc): void {
  if (hasEnded(subscription)) return
  subscription.status = subscription.status === 'incomplete' ? 'incomplete_expired' : 'canceled'
  subscription.ended_at = state.now
  subscription.canceled_at ??= state.now
  emit(state, 'customer.subscription.deleted', subscription)
}

/** Cancelled by somebody before its period is over. What was paid for the rest is put to the customer's credit. */
export function cancel(state: State, subscription: SubscriptionDoc, { isProrated = false } = {}): void {
  const credit = unusedLine(subscription, state.now)
  const isOwed = isProrated && subscription.status === 'active' && credit.amount < 0
  if (isOwed) bill(state, subscription, { lines: [credit], reason: 'subscription_update' })
  end(state, subscription)
}

export function setCancelAtPeriodEnd(state: State, subscription: SubscriptionDoc, cancels: boolean): void {
  if (hasEnded(subscription)) invalid('A canceled subscription can only update its metadata.')
  subscription.cancel_at_period_end = cancels
  subscription.cancel_at = cancels ? subscription.items.data[0].current_period_end : null
  subscription.canceled_at = cancels ? state.now : null
  emit(state, 'customer.subscription.updated', subscription)
}

export interface Change {
  readonly priceId: string
  /** Seconds; what is left of the period is reckoned from here. */
  readonly prorationAt: number
}

/** Lines of the invoice that a change makes at once. */
export function prorationLines(
  state: State,
  subscription: SubscriptionDoc,
  { priceId, prorationAt }: Change,
): Line[] {
  const price = usablePrice(state, priceId)
  const [item] = subscription.items.data
  if (price.currency !== subscription.currency)
    invalid(
      `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${subscription.currency}\`.`,
      { param: 'items[0][price]' },
    )
  if (subscription.status === 'trialing' || price.id === item.price.id) return []
  const credit = unusedLine(subscription, prorationAt)
  if (price.recurring.interval !== item.price.recurring.interval) {
    const until = periodEnd(prorationAt, prorationAt, price.recurring.interval)
    const amount = price.unit_amount
    return [credit, { description: `1 × ${nameOf(price)}`, amount, start: prorationAt, end: until }]
  }
  const amount = Math.round(price.unit_amount * shareLeft(subscription, prorationAt))
  const description = `Remaining time on ${nameOf(price)}`
  return [
    credit,
    { description, amount, start: prorationAt, end: item.current_period_end, isProration: true },
  ]
}

/**
 * Another price, billed at once.
 *
 * @throws {StripeFault} nothing changes: the card is declined, or there is no such price
 */
export function changePrice(
  state: State,
  subscription: SubscriptionDoc,
  { isRefusedUnpaid = true, ...change }: Change & { isRefusedUnpaid?: boolean },
): void {
  if (hasEnded(subscription)) invalid('A canceled subscription can only update its metadata.')
  const lines = prorationLines(state, subscription, change)
  if (isRefusedUnpaid && sumUp(state, subscription, lines).due > 0 && !canPay(state, subscription)) declined()
  const price = usablePrice(state, change.priceId)
  const [item] = subscription.items.data
  const restarts = price.recurring.interval !== item.price.recurring.interval
  item.price = price
  if (restarts && subscription.status !== 'trialing') {
    subscription.billing_cycle_anchor = change.prorationAt
    item.current_period_start = change.prorationAt
    item.current_period_end = periodEnd(change.prorationAt, change.prorationAt, price.recurring.interval)
  }
  const isPaid = lines.length === 0 || bill(state, subscription, { lines, reason: 'subscription_update' })
  if (isPaid) emit(state, 'customer.subscription.updated', subscription)
  else setStatus(state, subscription, 'past_due')
}

export function setStatus(
  state: State,
  subscription: SubscriptionDoc,
  status: SubscriptionDoc['status'],
): void {
  subscription.status = status
  emit(state, 'customer.subscription.updated', subscription)
}

export const periodLine = ({ items: { data } }: SubscriptionDoc): Line => ({
  description: `1 × ${nameOf(data[0].price)}`,
  amount: data[0].price.unit_amount,
  start: data[0].current_period_start,
  end: data[0].current_period_end,
})

const nameOf = ({ nickname, id }: PriceDoc): string => nickname ?? id

const unusedLine = (subscription: SubscriptionDoc, at: number): Line => ({
  description: `Unused time on ${nameOf(subscription.items.data[0].price)}`,
  amount: -Math.round(subscription.items.data[0].price.unit_amount * shareLeft(subscription, at)),
  start: at,
  end: subscription.items.data[0].current_period_end,
  isProration: true,
})

function shareLeft({ items: { data } }: SubscriptionDoc, at: number): number {
  const [{ current_period_start: start, current_period_end: until }] = data
  return Math.min(1, Math.max(0, (until - at) / (until - start)))
}

function subscriptionDoc(state: State, wanted: Wanted, price: PriceDoc): SubscriptionDoc {
  const id = nextId(state, 'sub')
  const { now } = state
  const trialEnd = wanted.trialDays ? now + wanted.trialDays * DAY : null
  const item = {
    id: nextId(state, 'si'),
    object: 'subscription_item',
    ...{ created: now, discounts: [], metadata: {}, quantity: 1, tax_rates: [], billing_thresholds: null },
    subscription: id,
    price,
    current_period_start: now,
    current_period_end: trialEnd ?? periodEnd(now, now, price.recurring.interval),
  } as const
  return {
    ...CONSTANT,
    id,
    object: 'subscription',
    customer: wanted.customerId,
    created: now,
    ...{ start_date: now, trial_start: trialEnd === null ? null : now },
    currency: price.currency,
    metadata: wanted.metadata ?? {},
    status: 'incomplete',
    billing_cycle_anchor: trialEnd ?? now,
    cancel_at_period_end: false,
    cancel_at: null,
    canceled_at: null,
    ended_at: null,
    trial_end: trialEnd,
    default_payment_method: wanted.paymentMethod ?? null,
    latest_invoice: null,
    discounts: [],
    items: {
      object: 'list',
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
      data: [item],
    },
  }
}

const CONSTANT = {
  automatic_tax: { enabled: false, disabled_reason: null, liability: null },
  billing_mode: { type: 'classic', flexible: null },
  billing_schedules: [],
  collection_method: 'charge_automatically',
  invoice_settings: { account_tax_ids: null, issuer: { type: 'self' } },
  livemode: false,
}
