/**
 * Brings into the ledger what deployments used, from what their custom resources say. Nothing is kept in between: a
 * worker that dies loses nothing, and two at once enter every second once (prisma/sql/meter-usage.sql).
 */
import type { DeploymentId } from '../../contract/ids.ts'
import { namespaceOf } from '../deployments/custom-resource.ts'
import type { DeletedResource } from '../../ports/kube/port.ts'
import type { Deps } from '../deps.ts'
import { foldUsage, HOUR_MS } from './fold-usage.ts'
import { readingOf } from './reading.ts'
import { dueRows, enterUsage, findOpenMeter, meterOf } from './store.ts'

type Needed = Pick<Deps, 'db' | 'clock' | 'facts' | 'settings'>

/** An hour that has just ended may still be told of. What is told later is made up for in the next one. */
const SETTLING_MS = 120_000

/** The end of the last hour that is told of. */
const lastHourEnd = (nowMs: number): Date => new Date(Math.floor((nowMs - SETTLING_MS) / HOUR_MS) * HOUR_MS)

/** All hours that have ended. Nothing while the cluster is away. @returns how many meters moved */
export async function meterUsage(deps: Needed, signal: AbortSignal): Promise<number> {
  const { db, clock, facts, settings } = deps
  const until = lastHourEnd(clock.nowMs())
  let moved = 0
  for await (const row of dueRows(db, { until })) {
    if (signal.aborted || facts.cluster() !== 'live') break
    const key = { namespace: namespaceOf(row, settings), name: row.deploymentName }
    const resource = facts.of(key)
    if (!resource) continue
    const before = meterOf(row)
    const folded = foldUsage(before, readingOf(resource), until.getTime())
    // It began in this very hour.
    if (folded.meter.untilMs > until.getTime()) continue
    if (await enterUsage(db, row, folded)) moved += 1
  }
  return moved
}

interface Ending {
  readonly deploymentId: DeploymentId
  readonly deletedAt: Date | null
}

/**
 * The last that a deployment used, until its deletion was asked for. Called with the resource as it is right before it
 * is deleted, since nobody can read it afterwards; calling it again does nothing.
 */
export async function closeUsage(
  { db }: Pick<Deps, 'db'>,
  { deploymentId, deletedAt }: Ending,
  resource: DeletedResource,
): Promise<void> {
  const row = deletedAt && (await findOpenMeter(db, deploymentId))
  if (!row || !deletedAt) return
  const folded = foldUsage(meterOf(row), readingOf(resource), deletedAt.getTime())
  await enterUsage(db, row, { ...folded, closedAt: deletedAt })
}
