/**
 * Brings new values to Vault as a version that nothing names yet. No value can be read back, so the keys that are
 * not given are kept by merging into the newest version, if that has of them what runs (docs/decisions/061).
 */
import { isDeepStrictEqual } from 'node:util'

import type { DeploymentId } from '../../contract/ids.ts'
import { vaultPaths, type SecretKey, type VaultPath } from '../../contract/names.ts'
import type { SecretMetadata } from '../../ports/vault/port.ts'
import type { CurrentDeployment } from '../deployments/change-deployment.ts'
import type { Deps } from '../deps.ts'
import { originsAt, planVersion, type Changes, type KnownVersion, type Plan } from './secret-origins.ts'
import { pinnedVersion, usedKeys } from './secret-uses.ts'
import { findNamedVersion } from './store.ts'

/** A deployment's own secrets as they run. */
export interface Running {
  readonly deploymentId: DeploymentId
  readonly revision: number
  readonly path: VaultPath
  /** Keys that services get now. */
  readonly present: readonly SecretKey[]
  /** The version that runs; undefined: none. */
  readonly pinned: KnownVersion | undefined
}

export function runningIn({ row, spec }: CurrentDeployment): Running {
  const path = vaultPaths.deployment({ userId: row.ownerId, name: row.deploymentName })
  const version = pinnedVersion(spec, path)
  return {
    deploymentId: row.deploymentId,
    revision: row.revision,
    path,
    present: usedKeys(spec, path),
    pinned: version === undefined ? undefined : { version, origins: row.secretOrigins[path] ?? {} },
  }
}

/** What came of it; without a version nothing was written. */
export type Staged =
  | KnownVersion
  /** The newest values of these keys are not those that run. */
  | { readonly differing: readonly SecretKey[] }
  /** No revision names the newest version: somebody is changing it now, or a change ended half-way. */
  | { readonly isUnderWay: boolean }

type Needed = Pick<Deps, 'db' | 'vault' | 'clock'>

/** A version this young may be that of a request under way. */
const UNDER_WAY_MS = 60_000

/**
 * For one request, however often it is decided anew: after somebody else's change that was not about secrets, what
 * was staged is still right, and over any other it is known what the request itself has left.
 *
 * @returns how to stage over what runs, which @throws {AppError} VAULT_UNAVAILABLE, VAULT_CONFLICT
 */
export function stagingOf(deps: Needed, changes: Changes): (running: Running) => Promise<Staged> {
  let last: { readonly staged: KnownVersion; readonly over: Pick<Running, 'present' | 'pinned'> } | undefined
  return async (running) => {
    const { path, present, pinned } = running
    const over = { present, pinned }
    if (last && isDeepStrictEqual(last.over, over)) return last.staged
    const metadata = await deps.vault.readMetadata(path)
    const newest = await knownVersion(deps, running, { metadata, own: last?.staged })
    const plan = planVersion({ ...over, changes, newest })
    if (plan.act === 'refuse') return plan
    const staged = await write(deps, plan, { path, checkAndSet: metadata?.currentVersion ?? 0 })
    if (!staged) return { isUnderWay: isYoung(metadata, deps.clock.nowMs()) }
    last = { staged, over }
    return staged
  }
}

interface Seen {
  readonly metadata: SecretMetadata | undefined
  /** What this request has staged before. */
  readonly own: KnownVersion | undefined
}

/** The newest version; undefined when it is not known what it holds. */
async function knownVersion(
  { db }: Needed,
  { pinned, ...running }: Running,
  { metadata, own }: Seen,
): Promise<KnownVersion | undefined> {
  const version = metadata?.currentVersion ?? 0
  return (
    [pinned, own].find((each) => each?.version === version) ??
    (await findNamedVersion(db, { ...running, version }))
  )
}

/** Undefined: there is nothing that it could be merged with. */
async function write(
  { vault }: Needed,
  plan: Exclude<Plan, { act: 'refuse' }>,
  { path, checkAndSet }: { path: VaultPath; checkAndSet: number },
): Promise<KnownVersion | undefined> {
  if (plan.act === 'doubt') return undefined
  const { changes, kept } = plan
  const values = valuesOf(changes)
  const version =
    plan.act === 'write'
      ? await vault.writeSecret(path, values, { checkAndSet })
      : await vault.mergeSecret(path, changes, { checkAndSet })
  if (version === undefined) return undefined
  return { version, origins: { ...kept, ...originsAt(version, Object.keys(values)) } }
}

const valuesOf = (changes: Changes): Record<string, string> =>
  Object.fromEntries(
    Object.entries(changes).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  )

const isYoung = (metadata: SecretMetadata | undefined, nowMs: number): boolean =>
  nowMs - (metadata?.versions.at(-1)?.createdAt.getTime() ?? 0) < UNDER_WAY_MS
