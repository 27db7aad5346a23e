/** Subscriptions as they are, with since when they are not paid. */
import type { Stripe } from 'stripe'

import { called, refuse } from './errors.ts'
import { dateOf, subscriptionOf } from './from-stripe.ts'
import type { StripePort, StripeSubscription } from './port.ts'

type Reads = Pick<StripePort, 'listSubscriptions' | 'listAllSubscriptions'>

/** As many as a page of Stripe's may hold. */
export const PAGE = 100

/** States in which something is due. */
const OWING: readonly Stripe.Subscription.Status[] = ['incomplete', 'past_due', 'unpaid']

export const subscriptionsOn = (stripe: Stripe): Reads => ({
  async listSubscriptions(customerId) {
    const found: Stripe.Subscription[] = []
    const wanted = { customer: customerId, status: 'all', limit: PAGE } as const
    for await (const each of listed(stripe.subscriptions.list(wanted))) found.push(each)
    const newestFirst = found.toSorted((a, b) => b.created - a.created)
    return Promise.all(newestFirst.map((each) => withDebt(stripe, each)))
  },
  async *listAllSubscriptions() {
    for await (const each of listed(stripe.subscriptions.list({ limit: PAGE }))) yield withDebt(stripe, each)
  },
})

/**
 * Everything on all pages of a list.
 *
 * @throws {AppError} as each call does
 */
export async function* listed<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
  try {
    yield* rows
  } catch (error) {
    refuse(error)
  }
}

/**
 * The oldest open invoice says since when something is due: the latest one may be the draft of a period that came after
 * it, and nothing of the subscription itself says it.
 */
export async function withDebt(
  stripe: Stripe,
  subscription: Stripe.Subscription,
): Promise<StripeSubscription> {
  if (!OWING.includes(subscription.status)) return subscriptionOf(subscription, undefined)
  const { data } = await called(
    stripe.invoices.list({ subscription: subscription.id, status: 'open', limit: PAGE }),
  )
  const times = data.map(({ status_transitions: { finalized_at: at }, created }) => at ?? created)
  return subscriptionOf(subscription, times.length === 0 ? undefined : dateOf(Math.min(...times)))
}
