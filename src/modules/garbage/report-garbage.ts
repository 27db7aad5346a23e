/**
 * Compares cluster and Vault with the rows. The cluster is looked at first and the rows after it, so that whatever was
 * made meanwhile is known by the time it is judged; what a report says may be past, so a repair looks again.
 */
import type { VaultPath } from '../../contract/names.ts'
import { AppError, isAppError } from '../../errors.ts'
import type { OwnedObject } from '../../ports/kube/port.ts'
import type { Deps } from '../deps.ts'
import { namespaceOf } from '../deployments/custom-resource.ts'
import { listSecretPaths, strayedSince } from './find-secrets.ts'
import { GRACE_MS, knownOf, orphanReason, presentIn, questionOf, type Known } from './orphans.ts'
import { REASONS, type Finding, type GarbageReason, type GarbageReport } from './schema.ts'
import { listKnown, settledRows } from './store.ts'

type Needed = Pick<Deps, 'db' | 'kube' | 'vault' | 'clock' | 'settings'>

const MAX_FINDINGS = 200

type Blind = GarbageReport['blind'][number]

/** What a place holds, or why it could not be looked at. */
async function look<T>(
  place: Blind['place'],
  work: () => Promise<readonly T[]>,
): Promise<readonly T[] | Blind> {
  try {
    return await work()
  } catch (error) {
    if (!isAppError(error, 'CLUSTER_UNAVAILABLE', 'VAULT_UNAVAILABLE')) throw error
    return { place, sentence: error.sentence }
  }
}

const isBlind = (seen: readonly unknown[] | Blind): seen is Blind => 'sentence' in seen

/** What belongs to nobody, and what is missing. */
export async function reportGarbage(deps: Needed): Promise<GarbageReport> {
  const [objects, paths] = await Promise.all([
    look('cluster', async () => objectsOf(deps)),
    look('vault', async () => listSecretPaths(deps)),
  ])
  const seenPaths = isBlind(paths) ? [] : paths
  const seenObjects = isBlind(objects) ? [] : objects
  const rows = await listKnown(deps.db, {
    ...questionOf(seenObjects, deps.settings),
    paths: [...seenPaths],
  })
  const known = knownOf(rows, deps.settings)
  const found = collect(MAX_FINDINGS)
  if (!isBlind(objects)) {
    addObjects(found, { deps, objects, known })
    await addMissing(found, deps, objects)
  }
  const late = isBlind(paths) ? [] : await look('vault', async () => strayed(found, { deps, paths, known }))
  return {
    takenAt: new Date(deps.clock.nowMs()).toISOString(),
    findings: found.items,
    isTruncated: found.isFull,
    blind: [objects, paths, late].filter(isBlind),
  }
}

async function objectsOf({ kube }: Needed): Promise<readonly OwnedObject[]> {
  if (!kube) throw new AppError('CLUSTER_UNAVAILABLE', {}, { because: 'KUBERNETES_ENABLED is false' })
  return kube.listOwned()
}

interface Found {
  readonly items: Finding[]
  isFull: boolean
  add(finding: Omit<Finding, 'sentence' | 'since'> & { since: Date }): void
}

function collect(limit: number): Found {
  return {
    items: [],
    isFull: false,
    add({ since, ...finding }) {
      if (this.items.length >= limit) this.isFull = true
      else {
        this.items.push({ ...finding, sentence: REASONS[finding.reason], since: since.toISOString() })
      }
    },
  }
}

interface Seen {
  readonly deps: Needed
  readonly known: Known
}

function addObjects(
  found: Found,
  { deps, known, objects }: Seen & { objects: readonly OwnedObject[] },
): void {
  const present = presentIn(objects)
  const judging = { known, present, nowMs: deps.clock.nowMs(), settings: deps.settings }
  for (const object of objects) {
    const reason: GarbageReason | undefined = orphanReason(object, judging)
    if (reason === undefined) continue
    const { kind, namespace = null, name, uid } = object
    const target = { of: 'object' as const, kind, namespace: namespace as never, name, uid }
    found.add({ target, name: `${kind} ${name}`, reason, since: object.createdAt })
  }
}

/** Deployments of which the cluster has nothing. The loop that repairs drift is quicker, so these are stuck. */
async function addMissing(found: Found, deps: Needed, objects: readonly OwnedObject[]): Promise<void> {
  const there = presentIn(objects).resources
  for await (const row of settledRows(deps.db, GRACE_MS / 1000)) {
    if (there.has(`${namespaceOf(row, deps.settings)}/${row.deploymentName}`)) continue
    const target = { of: 'deployment' as const, id: row.deploymentId }
    const name = `${row.displayName} of ${row.orgName}`
    found.add({ target, name, reason: 'NotInCluster', since: row.updatedAt })
  }
}

/** @returns nothing: it only may fail */
async function strayed(
  found: Found,
  { deps, known, paths }: Seen & { paths: readonly VaultPath[] },
): Promise<readonly never[]> {
  for (const path of paths) {
    if (found.isFull) break
    const since = await strayedSince(deps, path, known)
    if (since) found.add({ target: { of: 'secret', path }, name: path, reason: 'UnnamedSecret', since })
  }
  return []
}
