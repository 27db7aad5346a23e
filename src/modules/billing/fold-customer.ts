/**
 * Brings here what Stripe says of a customer now. It is asked for by an event, by whoever has just changed something at
 * Stripe, or by a comparison; what was said before, and in what order, plays no part (docs/decisions/045).
 */
import { isAppError } from '../../errors.ts'
import type { StripePort, StripeSubscription } from '../../ports/stripe/port.ts'
import type { Deps } from '../deps.ts'
import { foldSubscriptions, isAlive } from './fold-subscriptions.ts'
import { beginLook, type Look } from './store.ts'
import { judge, type Needed as Judged } from './write-standing.ts'

export type Needed = Judged & { readonly stripe: StripePort }

/**
 * `folded`: it is written. `overtaken`: what was asked for later is written already, or its organisation has just gone.
 * `ended`: its organisation was deleted, and nothing is bought for it any more. `unknown_customer`: of nobody here.
 */
export type FoldOutcome = 'folded' | 'overtaken' | 'ended' | 'unknown_customer'

/**
 * Harmless when repeated, and from any number of servers at once. With two subscriptions the second one is cancelled.
 *
 * @throws {AppError} STRIPE_UNAVAILABLE, STRIPE_REFUSED, DATABASE_UNAVAILABLE; then it has to be done again
 */
export async function foldCustomer(deps: Needed, customerId: string): Promise<FoldOutcome> {
  // Before Stripe is asked: of two answers the one that was asked for later is the newer one.
  const look = await beginLook(deps.db, customerId)
  if (look.orgId === null) {
    if (look.removedOrgId === null) return 'unknown_customer'
    await endSubscriptions(deps.stripe, customerId)
    return 'ended'
  }
  const { row, surplus } = foldSubscriptions(await truthsOf(deps.stripe, customerId))
  if (!(await write(deps, look, row))) return 'overtaken'
  for (const { id } of surplus) await cancel(deps.stripe, id)
  return 'folded'
}

async function write(deps: Needed, look: Look, row: StripeSubscription | undefined): Promise<boolean> {
  const { orgId, ticket, stage, stageSince } = look
  if (orgId === null || stage === null || stageSince === null) return false
  const judging = { orgId, ticket, isFetched: true, subscription: row, stage, stageSince }
  return (await judge(deps, judging)) !== undefined
}

/** Of a customer who was deleted, or never was, nothing is left to pay. */
async function truthsOf(stripe: StripePort, customerId: string): Promise<readonly StripeSubscription[]> {
  try {
    return await stripe.listSubscriptions(customerId)
  } catch (error) {
    if (!isAppError(error, 'STRIPE_REFUSED')) throw error
    const customer = await stripe.findCustomer(customerId)
    if (customer && !customer.isDeleted) throw error
    return []
  }
}

const cancel = async (stripe: StripePort, subscriptionId: string): Promise<unknown> =>
  stripe.cancelNow({ key: `cancel:${subscriptionId}`, subscriptionId })

/**
 * Nothing is bought any more: pages where somebody could pay are closed first, then what lives is cancelled.
 *
 * @throws {AppError} STRIPE_UNAVAILABLE, STRIPE_REFUSED
 */
export async function endSubscriptions(stripe: StripePort, customerId: string): Promise<void> {
  const customer = await stripe.findCustomer(customerId)
  if (!customer || customer.isDeleted) return
  for (const { id } of await stripe.listOpenCheckouts(customerId)) await stripe.expireCheckout(id)
  for (const each of await stripe.listSubscriptions(customerId))
    if (isAlive(each)) await cancel(stripe, each.id)
}

/** For who only asks whether billing is on. */
export const withStripe = (deps: Judged & Pick<Deps, 'stripe'>): Needed | undefined =>
  deps.stripe && { ...deps, stripe: deps.stripe }
