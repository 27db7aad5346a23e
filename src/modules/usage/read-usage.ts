/** What an organisation used in a month, from the ledger. */
import type { z } from 'zod'

import type { Rates } from '../../contract/crd/consumption.ts'
import { isPlan, limitsFor } from '../../contract/tiers.ts'
import type { OrgId } from '../../contract/ids.ts'
import type { Actor } from '../access/actor.ts'
import type { Deps, Settings } from '../deps.ts'
import { HOUR_MS } from './fold-usage.ts'
import { boundsOf, monthOf } from './months.ts'
import { costOf, hoursOf, sumRates } from './prices.ts'
import type { ReadUsage, UsageReport, UsedAmounts } from './schema.ts'
import { HOURS_PAGE, listHours, sumByDay, sumByDeployment, type HourRow } from './store.ts'
import { visibleTeams } from './visible-teams.ts'

type Needed = Pick<Deps, 'db' | 'clock' | 'settings'>

/** More are summed up: nobody reads a longer list, and the file has all. */
const LISTED = 100

export async function readUsage(
  { db, clock, settings }: Needed,
  actor: Actor,
  { orgId, month = monthOf(clock.nowMs()) }: z.output<typeof ReadUsage>,
): Promise<UsageReport> {
  const { usagePrices } = settings
  const teamIds = visibleTeams(actor, orgId)
  const span = { orgId, ...boundsOf(month), teamIds }
  const [days, all] = await Promise.all([sumByDay(db, span), sumByDeployment(db, span)])
  const amounts = (rates: Rates): UsedAmounts => ({ ...hoursOf(rates), cents: costOf(rates, usagePrices) })
  const sorted = all.toSorted((a, b) => weightOf(b) - weightOf(a))
  const rest = sorted.slice(LISTED)
  const last = days.at(-1)?.lastHour
  return {
    month,
    countedUntil: last ? new Date(last.getTime() + HOUR_MS).toISOString() : null,
    isWhole: teamIds === null,
    total: amounts(sumRates(days)),
    days: days.map(({ day, ...rates }) => ({ day, ...amounts(rates) })),
    deployments: sorted.slice(0, LISTED).map(({ deploymentId, displayName, isGone, ...rates }) => ({
      ...{ id: deploymentId, name: displayName, isGone },
      ...amounts(rates),
    })),
    others: rest.length === 0 ? null : { count: rest.length, ...amounts(sumRates(rest)) },
    prices: usagePrices ?? null,
    included: includedIn(actor, orgId, settings),
  }
}

/** By a rough price, so that the order says something where there is none. */
const weightOf = ({ cpu, memory, storage }: Rates): number => cpu / 1000 + memory / 8192 + storage / 262_144

function includedIn(
  { orgs }: Actor,
  orgId: OrgId,
  { isBillingEnabled, plans }: Pick<Settings, 'isBillingEnabled' | 'plans'>,
): UsageReport['included'] {
  const planId = orgs.find((org) => org.orgId === orgId)?.planId ?? ''
  if (!isBillingEnabled || !isPlan(planId)) return null
  const { cpuRequests, memoryRequests, storage } = limitsFor(planId, { plans }).quota
  return { plan: plans[planId].name, cpu: cpuRequests, memory: memoryRequests, storage }
}

export interface Exporting {
  readonly orgId: OrgId
  readonly month: string | undefined
  /** Whom it is for; throws when they may no longer: an export takes a while. */
  readonly reader: () => Promise<Actor>
}

/** The hours of a month one by one, a page at a time, so that neither side holds more. */
export async function* exportUsage(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { orgId, month = monthOf(clock.nowMs()), reader }: Exporting,
): AsyncGenerator<HourRow[], void> {
  let after: HourRow | undefined
  for (;;) {
    const span = { orgId, ...boundsOf(month), teamIds: visibleTeams(await reader(), orgId) }
    const rows: HourRow[] = await listHours(db, span, after)
    yield rows
    if (rows.length < HOURS_PAGE) return
    after = rows.at(-1)
  }
}
