/** What time alone brings: the next stage of what is not paid, and at its end the removal that was announced. */
import { isAppError } from '../../errors.ts'
import { SHIPYARD } from '../access/actor.ts'
import { deleteDeployment } from '../deployments/delete-deployment.ts'
import type { Deps } from '../deps.ts'
import { listDueStandingRows, listUnpaidDeployments, type DueStanding } from './store.ts'
import { judge, type Kept, type Needed as Judged } from './write-standing.ts'

type Needed = Judged & Pick<Deps, 'changes'>

const AT_ONCE = 100

/** @returns how many organisations have come to another stage, and how many deployments are removed */
export async function settleStandings(deps: Needed, signal: AbortSignal): Promise<number> {
  const { isBillingEnabled } = deps.settings
  let settled = 0
  while (!signal.aborted) {
    const now = new Date(deps.clock.nowMs())
    const rows = await listDueStandingRows(deps.db, { isBillingEnabled, now, limit: AT_ONCE })
    let changed = 0
    for (const row of rows) {
      const { orgId, ticket, stage, stageSince } = row
      const judging = { orgId, ticket, stage, stageSince, isFetched: false, subscription: keptOf(row) }
      if ((await judge(deps, judging)) !== undefined) changed += 1
    }
    settled += changed
    // What is still there is being written by somebody else, who has asked Stripe.
    if (rows.length < AT_ONCE || changed === 0) break
  }
  return settled + (isBillingEnabled ? await removeUnpaid(deps, signal) : 0)
}

function keptOf(row: DueStanding): Kept | undefined {
  const { subscriptionId, status } = row
  if (subscriptionId === null || status === null) return undefined
  return {
    id: subscriptionId,
    status,
    priceId: known(row.priceId),
    interval: known(row.interval),
    currency: known(row.currency) ?? '',
    createdAt: known(row.stripeCreatedAt),
    currentPeriodEnd: known(row.currentPeriodEnd),
    cancelAtPeriodEnd: row.cancelAtPeriodEnd === true,
    cancelAt: known(row.cancelAt),
    endedAt: known(row.endedAt),
    trialEnd: known(row.trialEnd),
    unpaidSince: known(row.unpaidSince),
  }
}

const known = <T>(value: T | null): T | undefined => value ?? undefined

async function removeUnpaid(deps: Needed, signal: AbortSignal): Promise<number> {
  let removed = 0
  for (const { id } of await listUnpaidDeployments(deps.db, AT_ONCE)) {
    if (signal.aborted) break
    try {
      await deleteDeployment(deps, SHIPYARD, id)
      removed += 1
    } catch (error) {
      // Somebody else was quicker.
      if (!isAppError(error, 'NOT_FOUND')) throw error
    }
  }
  return removed
}
