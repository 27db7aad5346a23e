/** What becomes of a subscription by its owner's will. Stripe is asked; what it says then is folded by the next look. */
import { newId, type OrgId } from '../../contract/ids.ts'
import type { Caller } from '../access/actor.ts'
import { changeOf, note, stripeOf, subscriptionIdOf, type Needed } from './paying.ts'
import type { ChangePlan, ChangePreview, ChoosePlan } from './schema.ts'

/** @throws {AppError} BILLING_OFF, NOT_SUBSCRIBED, PRICE_MISSING, CURRENCY_DIFFERS, STRIPE_UNAVAILABLE, STRIPE_REFUSED */
export async function previewChange(deps: Needed, caller: Caller, asked: ChoosePlan): Promise<ChangePreview> {
  const stripe = stripeOf(deps)
  const preview = await stripe.previewChange(await changeOf(deps, caller, asked))
  return {
    dueNow: preview.dueNow,
    next: { total: preview.next.total, at: preview.next.at?.toISOString() ?? null },
    currency: preview.currency,
    lines: preview.lines.map(({ description, amount }) => ({ description, amount })),
    prorationAt: preview.prorationAt.toISOString(),
  }
}

/** @throws {AppError} as `previewChange` */
export async function changePlan(deps: Needed, caller: Caller, asked: ChangePlan): Promise<{ id: OrgId }> {
  const stripe = stripeOf(deps)
  const { subscriptionId, priceId } = await changeOf(deps, caller, asked)
  const { plan, interval, prorationAt } = asked
  await stripe.changePrice({
    // A second click on what was shown once is the same change.
    key: `change:${subscriptionId}:${priceId}:${prorationAt}`,
    subscriptionId,
    priceId,
    prorationAt: new Date(prorationAt),
  })
  await note(deps, caller, { did: 'change', plan, interval })
  return { id: caller.scope.orgId }
}

/**
 * Ends with the period that is paid, or goes on.
 *
 * @throws {AppError} BILLING_OFF, NOT_SUBSCRIBED, STRIPE_UNAVAILABLE, STRIPE_REFUSED
 */
export async function setCancel(deps: Needed, caller: Caller, cancels: boolean): Promise<{ id: OrgId }> {
  const stripe = stripeOf(deps)
  const subscriptionId = await subscriptionIdOf(deps, caller)
  await stripe.setCancelAtPeriodEnd({ key: `cancel:${newId('req')}`, subscriptionId, cancels })
  await note(deps, caller, { did: cancels ? 'cancel' : 'resume' })
  return { id: caller.scope.orgId }
}
