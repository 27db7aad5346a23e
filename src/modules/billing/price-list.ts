/** What the plans cost, as Stripe says it: kept for some minutes, since every look at the page about paying asks. */
import type { Clock } from '../../ports/clock/port.ts'
import type { StripePort, StripePrice } from '../../ports/stripe/port.ts'
import { PLANS, type Plans } from '../../contract/tiers.ts'

const FRESH_MS = 5 * 60_000

interface Kept {
  readonly atMs: number
  readonly prices: Promise<ReadonlyMap<string, StripePrice>>
}

const lists = new WeakMap<StripePort, Kept>()

interface Asked {
  readonly stripe: StripePort
  readonly clock: Clock
  readonly plans: Plans
}

/** By their ids; those that do not exist or are retired are missing. @throws {AppError} STRIPE_UNAVAILABLE, STRIPE_REFUSED */
export async function priceList({ stripe, clock, plans }: Asked): Promise<ReadonlyMap<string, StripePrice>> {
  const nowMs = clock.monotonicMs()
  const kept = lists.get(stripe)
  if (kept && nowMs - kept.atMs < FRESH_MS) return kept.prices
  const prices = askFor(stripe, plans)
  lists.set(stripe, { atMs: nowMs, prices })
  // What failed is asked for again by the next look.
  prices.catch(() => lists.delete(stripe))
  return prices
}

async function askFor(stripe: StripePort, plans: Plans): Promise<ReadonlyMap<string, StripePrice>> {
  const ids = PLANS.flatMap((plan) => Object.values(plans[plan].prices)).filter((id) => id !== undefined)
  const found = ids.length === 0 ? [] : await stripe.findPrices(ids)
  return new Map(found.filter(({ isActive }) => isActive).map((price) => [price.id, price]))
}
