/** Writes what a subscription means for its organisation, and wakes whoever has to act on it. */
import { newId, type OrgId } from '../../contract/ids.ts'
import type { StripeSubscription } from '../../ports/stripe/port.ts'
import type { Deps } from '../deps.ts'
import { grantsPlan, standingOf, type Stage, type Standing } from './standing.ts'
import { writeStandingRow, type Written } from './store.ts'

export type Needed = Pick<Deps, 'db' | 'mail' | 'clock' | 'settings' | 'pushes' | 'effects'>

/** What of a subscription is kept. */
export type Kept = Omit<StripeSubscription, 'customerId' | 'orgId' | 'createdAt'> & {
  readonly createdAt: Date | undefined
}

export interface Judging {
  readonly orgId: OrgId
  readonly ticket: number
  /** False: time has gone on, and nobody was asked. */
  readonly isFetched: boolean
  readonly subscription: Kept | undefined
  readonly stage: Stage
  readonly stageSince: Date
}

/** @returns undefined: a newer answer is there already, or there is no such organisation */
export async function judge(deps: Needed, judging: Judging): Promise<Written | undefined> {
  const { orgId, ticket, isFetched, subscription } = judging
  const now = new Date(deps.clock.nowMs())
  const standing = standingNow(deps, judging, now)
  const written = await writeStandingRow(deps.db, {
    orgId,
    ticket,
    isFetched,
    now,
    ...columnsOf(subscription),
    grantsPlan: grantsPlan(subscription),
    stage: standing.stage,
    nextStage: orNull(standing.next?.stage),
    nextAt: orNull(standing.next?.at),
    why: orNull(standing.why),
    mailId: deps.mail ? newId('out') : null,
    auditId: newId('aud'),
  })
  if (!written) return undefined
  if (written.planId !== written.oldPlanId || written.stage !== written.oldStage) deps.pushes.poke()
  if (written.stage !== written.oldStage) deps.effects.poke()
  return written
}

/** Where nobody pays, nothing is taken from who did not. */
const UNBILLED: Standing = { stage: 'full', since: undefined, next: undefined, why: undefined }

function standingNow(
  { settings }: Needed,
  { subscription, stage, stageSince }: Judging,
  now: Date,
): Standing {
  if (!settings.isBillingEnabled) return UNBILLED
  const announcedAt = stage === 'removing' || stage === 'removed' ? stageSince : undefined
  return standingOf(subscription, { now, days: settings.billingDays, announcedAt })
}

const orNull = <T>(value: T | undefined): T | null => value ?? null

const columnsOf = (subscription: Partial<Kept> = {}) => ({
  subscriptionId: orNull(subscription.id),
  status: orNull(subscription.status),
  priceId: orNull(subscription.priceId),
  interval: orNull(subscription.interval),
  currency: orNull(subscription.currency),
  stripeCreatedAt: orNull(subscription.createdAt),
  currentPeriodEnd: orNull(subscription.currentPeriodEnd),
  cancelAtPeriodEnd: subscription.cancelAtPeriodEnd === true,
  cancelAt: orNull(subscription.cancelAt),
  endedAt: orNull(subscription.endedAt),
  trialEnd: orNull(subscription.trialEnd),
  unpaidSince: orNull(subscription.unpaidSince),
})
