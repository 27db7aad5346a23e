/**
 * A page of Stripe's on which an organisation subscribes. One after the other: an organisation has one customer, one page
 * that can be paid on, and no page at all while it has a subscription, however many tabs ask (docs/decisions/049).
 */
import { newId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { StripePort, StripePrice, StripeSubscription } from '../../ports/stripe/port.ts'
import type { Caller } from '../access/actor.ts'
import { isAlive } from './fold-subscriptions.ts'
import { note, priceOf, refuseOtherCurrency, stripeOf, type Needed } from './paying.ts'
import type { ChoosePlan } from './schema.ts'
import { giveTurnBack, takeTurn, type TurnRow } from './store.ts'

/** Longer than all calls to Stripe that are made in it take together, each with its time-out. */
const TURN_SECONDS = 180

/**
 * @throws {AppError} BILLING_OFF, PRICE_MISSING, CURRENCY_DIFFERS, ALREADY_SUBSCRIBED, CHECKOUT_BUSY, STRIPE_UNAVAILABLE, STRIPE_REFUSED,
 *   NOT_FOUND; nothing can be paid then
 */
export async function openCheckout(
  deps: Needed,
  caller: Caller,
  asked: ChoosePlan,
): Promise<{ url: string }> {
  const stripe = stripeOf(deps)
  const price = await priceOf(deps, asked)
  const claimedBy = newId('req')
  const { orgId } = caller.scope
  const row = await takeTurn(deps.db, { orgId, claimedBy, leaseSeconds: TURN_SECONDS })
  if (!row) fail('CHECKOUT_BUSY', {})
  try {
    const page = await pageFor({ stripe, row, asked, price, deps })
    const { plan, interval } = asked
    await note(deps, caller, { did: 'checkout', plan, interval, customerId: page.customerId, claimedBy })
    return { url: page.url }
  } catch (error) {
    await giveTurnBack(deps.db, claimedBy)
    throw error
  }
}

interface Turn {
  readonly stripe: StripePort
  readonly row: TurnRow
  readonly asked: ChoosePlan
  readonly price: StripePrice
  readonly deps: Needed
}

async function pageFor(turn: Turn): Promise<{ readonly url: string; readonly customerId: string }> {
  const { stripe, row, asked, price, deps } = turn
  const { id: priceId } = price
  const customerId = await customerFor(stripe, row)
  const subscriptions = await stripe.listSubscriptions(customerId)
  if (subscriptions.some(isBought)) fail('ALREADY_SUBSCRIBED', {})
  refuseOtherCurrency(deps, { wanted: asked, price, paid: subscriptions.map(({ currency }) => currency) })
  const open = await stripe.listOpenCheckouts(customerId)
  const same = open.find((each) => each.priceId === priceId)
  for (const { id } of open) if (id !== same?.id) await stripe.expireCheckout(id)
  if (same) return { url: same.url, customerId }
  const address = `${deps.settings.baseUrl}/orgs/${encodeURIComponent(row.orgId)}/billing`
  const { url } = await stripe.createCheckout({
    key: `checkout:${newId('req')}`,
    orgId: row.orgId,
    customerId,
    priceId,
    // Once for an organisation.
    trialDays: subscriptions.length === 0 ? deps.settings.plans[asked.plan].trialDays : 0,
    successUrl: `${address}?checkout=done`,
    cancelUrl: `${address}?checkout=left`,
  })
  return { url, customerId }
}

/** What was begun and never paid ends by itself, and is no reason not to try again. */
const isBought = (subscription: StripeSubscription): boolean =>
  isAlive(subscription) && subscription.status !== 'incomplete'

/** Made once; a new one where it was deleted at Stripe. */
async function customerFor(stripe: StripePort, row: TurnRow): Promise<string> {
  const { orgId, stripeCustomerId: known } = row
  const present = known === null ? undefined : await stripe.findCustomer(known)
  if (present && !present.isDeleted) return present.id
  const made = await stripe.createCustomer({
    key: `customer:${orgId}:${known ?? 'first'}`,
    orgId,
    name: row.orgName,
    email: row.ownerEmail ?? '',
  })
  return made.id
}
