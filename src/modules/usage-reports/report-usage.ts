/**
 * Tells a meter of Stripe's what usage costs, in whole cents and without what credit pays for (docs/decisions/055). What is
 * to be told is written down first, under a number of its own, and told by that number until Stripe has taken it.
 */
import { isAppError } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import { creditsOf } from '../usage/credits.ts'
import { boundsOf, monthOf } from '../usage/months.ts'
import { costOf, type UsagePrices } from '../usage/prices.ts'
import { enterReport, listReportable, listUnsent, markSent, tryAgain } from './store.ts'

type Needed = Pick<Deps, 'db' | 'clock' | 'settings' | 'stripe'>

export interface Reporting {
  readonly signal: AbortSignal
  readonly onFailure: (error: unknown, customerId: string) => void
}

/** What is refused now may be taken once somebody has changed something at Stripe. */
const REFUSED_PAUSE_MS = 3_600_000

/** Harmless from any number of servers at once. @returns how many reports Stripe has taken */
export async function reportUsage(deps: Needed, reporting: Reporting): Promise<number> {
  const { stripe, settings } = deps
  const { meterEvent, usagePrices } = settings
  if (!stripe || meterEvent === undefined || !usagePrices) return 0
  await enterReports(deps, usagePrices)
  const { signal, onFailure } = reporting
  let sent = 0
  const now = new Date(deps.clock.nowMs())
  for (const report of await listUnsent(deps.db, now)) {
    if (signal.aborted) break
    const { orgId, month, ordinal, customerId, cents: value, usedAt: at } = report
    try {
      const key = `${orgId}:${month}:${ordinal}`
      await stripe.reportUsage({ key, eventName: meterEvent, customerId, value, at })
      await markSent(deps.db, { orgId, month, ordinal, at: now })
      sent += 1
    } catch (error) {
      if (!isAppError(error, 'STRIPE_UNAVAILABLE', 'STRIPE_REFUSED')) throw error
      onFailure(error, customerId)
      // The rest waits as well.
      if (isAppError(error, 'STRIPE_UNAVAILABLE')) break
      const again = new Date(now.getTime() + REFUSED_PAUSE_MS)
      await tryAgain(deps.db, { orgId, month, ordinal, at: again })
    }
  }
  return sent
}

/** Of this month, and of the one before, of which an hour may have been told of late. */
async function enterReports({ db, clock, settings }: Needed, prices: UsagePrices): Promise<void> {
  const nowMs = clock.nowMs()
  const present = monthOf(nowMs)
  const before = monthOf(boundsOf(present).from.getTime() - 1)
  const credits = await creditsOf({ db, clock, settings }, null)
  for (const month of [before, present]) {
    const { from, to } = boundsOf(month)
    for (const row of await listReportable(db, { month, from, to })) {
      const { orgId, customerId, reports, toldCents, creditedCents } = row
      const credited = creditedCents ?? credits.get(orgId)?.byMonth.get(month) ?? 0
      const cents = Math.floor((costOf(row, prices) ?? 0) - credited - toldCents)
      if (cents < 1) continue
      const usedAt = new Date(Math.min(nowMs, to.getTime() - 1000))
      await enterReport(db, { orgId, month, ordinal: reports + 1, customerId, cents, usedAt })
    }
  }
}
