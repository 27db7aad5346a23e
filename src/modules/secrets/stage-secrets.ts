/**
 * Brings new values to Vault as a version that nothing names yet. No value can be read back, so the keys that are
 * not given are kept by merging into the newest version, and that must be the one that runs.
 */
import { isDeepStrictEqual } from 'node:util'

import type { SecretKey, VaultPath } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Ports } from '../../ports/types.ts'
import type { SecretMetadata } from '../../ports/vault/port.ts'

/** What is set, or taken out. */
type Changes = Readonly<Record<string, string | null>>

/** A deployment's own secrets as they run. */
export interface Running {
  readonly path: VaultPath
  /** Keys that services get now. */
  readonly present: readonly SecretKey[]
  /** The version that runs; undefined: none. */
  readonly pinned: number | undefined
}

interface Staging extends Running {
  readonly changes: Changes
}

/** A version this young may be that of a request under way. */
const UNDER_WAY_MS = 60_000

type Needed = Pick<Ports, 'vault' | 'clock'>

/**
 * For one request, however often it is decided anew: after somebody else's change that was not about secrets, what
 * was staged is still right, and another version could not be told from one that was cut off.
 *
 * @returns the new version over what runs. @throws {AppError} VAULT_UNAVAILABLE, VAULT_CONFLICT, INVALID_INPUT
 */
export function stagingOf(deps: Needed, changes: Changes): (running: Running) => Promise<number> {
  let staged: { readonly version: number; readonly over: Running } | undefined
  return async (running) => {
    if (!staged || !isDeepStrictEqual(staged.over, running)) {
      staged = { version: await stage(deps, { ...running, changes }), over: running }
    }
    return staged.version
  }
}

async function stage(
  { vault, clock }: Needed,
  { path, changes, present, pinned }: Staging,
): Promise<number> {
  const metadata = await vault.readMetadata(path)
  const newest = metadata?.currentVersion ?? 0
  const kept = present.filter((key) => !Object.hasOwn(changes, key))
  if (kept.length === 0) return vault.writeSecret(path, valuesOf(changes), { checkAndSet: newest })
  if (newest !== pinned) return refuse(metadata, clock.nowMs(), [...kept, ...Object.keys(changes)])
  return (
    (await vault.mergeSecret(path, changes, { checkAndSet: newest })) ??
    refuse(undefined, 0, [...kept, ...Object.keys(changes)])
  )
}

const valuesOf = (changes: Changes): Record<string, string> =>
  Object.fromEntries(
    Object.entries(changes).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  )

/** The newest version is not the one that runs: somebody is changing it now, or a change ended half-way. */
function refuse(metadata: SecretMetadata | undefined, nowMs: number, keys: string[]): never {
  const writtenAt = metadata?.versions.at(-1)?.createdAt.getTime() ?? 0
  if (nowMs - writtenAt < UNDER_WAY_MS) fail('VAULT_CONFLICT', {})
  const names = [...new Set(keys)].toSorted().join(', ')
  return fail('INVALID_INPUT', {
    problem: `An earlier change of these secrets was cut off, and what it left cannot be told from what runs. Enter all of them again, in one go: ${names}.`,
  })
}
