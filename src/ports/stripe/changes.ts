/** Changing and ending a subscription, and what that costs. */
import type { Stripe } from 'stripe'

import { fail } from '../../errors.ts'
import { called, isMissing, refuse } from './errors.ts'
import { dateOf } from './from-stripe.ts'
import type { ProrationPreview, StripePort, StripeSubscription } from './port.ts'
import { withDebt } from './subscriptions.ts'

type Changes = Pick<StripePort, 'previewChange' | 'changePrice' | 'setCancelAtPeriodEnd' | 'cancelNow'>

export const changesOn = (stripe: Stripe): Changes => ({
  previewChange: async ({ subscriptionId, priceId }) => {
    const subscription = await called(stripe.subscriptions.retrieve(subscriptionId))
    return preview(stripe, subscription, priceId)
  },
  async changePrice({ key, subscriptionId, priceId, prorationAt }) {
    const { id: item } = itemOf(await called(stripe.subscriptions.retrieve(subscriptionId)))
    const changed = stripe.subscriptions.update(
      subscriptionId,
      {
        items: [{ id: item, price: priceId }],
        proration_behavior: 'always_invoice',
        proration_date: Math.floor(prorationAt.getTime() / 1000),
        // A card that is declined leaves everything as it was.
        payment_behavior: 'error_if_incomplete',
      },
      { idempotencyKey: key },
    )
    return withDebt(stripe, await called(changed))
  },
  async setCancelAtPeriodEnd({ key, subscriptionId, cancels }) {
    const changed = stripe.subscriptions.update(
      subscriptionId,
      { cancel_at_period_end: cancels },
      { idempotencyKey: key },
    )
    return withDebt(stripe, await called(changed))
  },
  cancelNow: async ({ key, subscriptionId }) => cancelNow(stripe, subscriptionId, key),
})

/** Who is the second to cancel finds it cancelled. */
async function cancelNow(stripe: Stripe, id: string, idempotencyKey: string): Promise<StripeSubscription> {
  try {
    const ended = await stripe.subscriptions.cancel(
      id,
      { prorate: true, invoice_now: true },
      { idempotencyKey },
    )
    return await withDebt(stripe, ended)
  } catch (error) {
    if (!isMissing(error)) return refuse(error)
    return withDebt(stripe, await called(stripe.subscriptions.retrieve(id)))
  }
}

function itemOf({ id, items }: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item] = items.data
  return item ?? fail('STRIPE_REFUSED', { reason: `the subscription ${id} has no price` })
}

async function preview(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  priceId: string,
): Promise<ProrationPreview> {
  const item = itemOf(subscription)
  const ask = async (behavior: 'always_invoice' | 'none'): Promise<Stripe.Invoice> =>
    called(
      stripe.invoices.createPreview({
        subscription: subscription.id,
        subscription_details: {
          items: [{ id: item.id, price: priceId }],
          proration_behavior: behavior,
        },
      }),
    )
  const [now, price] = await Promise.all([ask('always_invoice'), called(stripe.prices.retrieve(priceId))])
  const isRestarted = price.recurring?.interval !== item.price.recurring?.interval
  return {
    dueNow: now.total,
    next:
      isRestarted && subscription.status !== 'trialing' ? afterRestart(now) : nextOf(await ask('none'), item),
    currency: now.currency,
    lines: now.lines.data.map(({ description, amount }) => ({ description: description ?? '', amount })),
    // By Stripe's clock, not by ours.
    prorationAt: dateOf(now.parent?.subscription_details?.subscription_proration_date ?? now.created),
  }
}

const nextOf = ({ total, next_payment_attempt: at }: Stripe.Invoice, item: Stripe.SubscriptionItem) => ({
  total,
  at: dateOf(at ?? item.current_period_end),
})

/** Month to year and back begins a new period now: the invoice after it is for another such one. */
function afterRestart({ lines }: Stripe.Invoice): ProrationPreview['next'] {
  const charges = lines.data.filter(({ amount }) => amount > 0)
  const ends = charges.map(({ period }) => period.end)
  return {
    total: charges.reduce((sum, line) => sum + line.amount - takenOff(line), 0),
    at: ends.length === 0 ? undefined : dateOf(Math.max(...ends)),
  }
}

const takenOff = ({ discount_amounts: discounts }: Stripe.InvoiceLineItem): number =>
  (discounts ?? []).reduce((sum, { amount }) => sum + amount, 0)
