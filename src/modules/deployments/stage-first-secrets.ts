/** Brings the first secrets of a deployment to Vault, where nothing names them until the row is committed. */
import { setTimeout as delay } from 'node:timers/promises'

import type { DeploymentId } from '../../contract/ids.ts'
import type { VaultPath } from '../../contract/names.ts'
import { isAppError } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import { findRow, type DeploymentRow } from './store.ts'

interface Staging {
  readonly id: DeploymentId
  readonly path: VaultPath
  readonly values: Readonly<Record<string, string>>
}

/** The version that was written, or the deployment that another attempt of the same id has made. */
export type Staged = { readonly version: number } | { readonly row: DeploymentRow }

/** How long another attempt may take from its write to its commit. */
const OTHERS_MS = 2_000
const LOOK_MS = 100

/**
 * The path follows from the id, so that something is there already when this is a second attempt. Then the first
 * one is waited for; if it never commits, it has died, and its version is left to the sweeper.
 *
 * @throws {AppError} VAULT_UNAVAILABLE, VAULT_CONFLICT
 */
export async function stageFirstSecrets(
  { vault, db }: Pick<Deps, 'vault' | 'db'>,
  { id, path, values }: Staging,
): Promise<Staged> {
  try {
    return { version: await vault.writeSecret(path, values, { checkAndSet: 0 }) }
  } catch (error) {
    if (!isAppError(error, 'VAULT_CONFLICT')) throw error
  }
  const metadata = await vault.readMetadata(path)
  const isRefused = metadata?.versions.at(-1)?.isDestroyed ?? true
  const row = await rowWithin(db, id, isRefused ? 0 : OTHERS_MS)
  if (row) return { row }
  return { version: await vault.writeSecret(path, values, { checkAndSet: metadata?.currentVersion ?? 0 }) }
}

async function rowWithin(
  db: Deps['db'],
  id: DeploymentId,
  milliseconds: number,
): Promise<DeploymentRow | undefined> {
  const until = performance.now() + milliseconds
  for (;;) {
    const row = await findRow(db, id)
    if (row || performance.now() >= until) return row
    await delay(LOOK_MS)
  }
}
