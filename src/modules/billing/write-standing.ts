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
  const { orgId, ticket, isFetched, subscription, stage, stageSince } = judging
  const now = new Date(deps.clock.nowMs())
  const announcedAt = stage === 'removing' || stage === 'removed' ? stageSince : undefined
  const { isBillingEnabled, billingDays: days } = deps.settings
  const standing = isBillingEnabled ? standingOf(subscription, { now, days, announcedAt }) : UNBILLED
  const written = await writeStandingRow(deps.db, {
    orgId,
    ticket,
    isFetched,
    now,
    ...columnsOf(subscription),
    grantsPlan: grantsPlan(subscription),
    stage: standing.stage,
    nextStage: standing.next?.stage ?? null,
    nextAt: standing.next?.at ?? null,
    why: standing.why ?? null,
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

const columnsOf = (subscription: Kept | undefined) => ({
  subscriptionId: subscription?.id ?? null,
  status: subscription?.status ?? null,
  priceId: subscription?.priceId ?? null,
  interval: subscription?.interval ?? null,
  currency: subscription?.currency ?? null,
  stripeCreatedAt: subscription?.createdAt ?? null,
  currentPeriodEnd: subscription?.currentPeriodEnd ?? null,
  cancelAtPeriodEnd: subscription?.cancelAtPeriodEnd ?? false,
  cancelAt: subscription?.cancelAt ?? null,
  endedAt: subscription?.endedAt ?? null,
  trialEnd: subscription?.trialEnd ?? null,
  unpaidSince: subscription?.unpaidSince ?? null,
})
