/** What was used since the meters were read last, as the cluster says it now. Nothing of it is in the ledger yet. */
import { mapRates, NOTHING, type Rates } from '../../contract/crd/consumption.ts'
import type { OrgId } from '../../contract/ids.ts'
import { namespaceOf } from '../deployments/custom-resource.ts'
import type { Deps } from '../deps.ts'
import { foldUsage } from './fold-usage.ts'
import { boundsOf, monthOf } from './months.ts'
import { readingOf } from './reading.ts'
import { dueRows, meterOf } from './store.ts'

export type Pending = ReadonlyMap<OrgId, Rates>

/** Of this month alone. Undefined: the cluster cannot be asked now. */
export async function pendingUsage(
  { db, clock, facts, settings }: Pick<Deps, 'db' | 'clock' | 'facts' | 'settings'>,
  orgIds: readonly OrgId[],
): Promise<Pending | undefined> {
  const pending = new Map<OrgId, Rates>()
  if (facts.cluster() === 'absent' || orgIds.length === 0) return pending
  if (facts.cluster() !== 'live') return undefined
  const nowMs = clock.nowMs()
  const { from } = boundsOf(monthOf(nowMs))
  for await (const row of dueRows(db, { until: new Date(nowMs), orgIds })) {
    const key = { namespace: namespaceOf(row, settings), name: row.deploymentName }
    const resource = facts.of(key)
    if (!resource) continue
    const { hours } = foldUsage(meterOf(row), readingOf(resource), nowMs)
    for (const used of hours.filter(({ hour }) => hour >= from))
      pending.set(row.orgId, plus(pending.get(row.orgId), used))
  }
  return pending
}

/** Two amounts together; nothing is an amount. */
export const plus = (one: Rates = NOTHING, other: Rates = NOTHING): Rates =>
  mapRates((key) => one[key] + other[key])
