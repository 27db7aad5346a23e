/** Paths of deployments in Vault that nothing names, and that are old enough to tell. */
import type { VaultPath } from '../../contract/names.ts'
import type { Deps } from '../deps.ts'
import { deploymentPathsOf, usersWithSecrets } from '../secrets/sweep-secrets.ts'
import { GRACE_MS, type Known } from './orphans.ts'

type Needed = Pick<Deps, 'vault' | 'clock'>

/** All paths below deployments. @throws {AppError} VAULT_UNAVAILABLE */
export async function listSecretPaths({ vault }: Pick<Needed, 'vault'>): Promise<VaultPath[]> {
  const paths: VaultPath[] = []
  for (const userId of await usersWithSecrets({ vault })) {
    paths.push(...(await deploymentPathsOf({ vault }, userId)))
  }
  return paths
}

/** When a path that nothing names was last written; undefined when it is named, gone, or too young to tell. */
export async function strayedSince(
  { vault, clock }: Needed,
  path: VaultPath,
  known: Known,
): Promise<Date | undefined> {
  if (known.paths.has(path)) return undefined
  const newest = (await vault.readMetadata(path))?.versions.at(-1)
  if (!newest || clock.nowMs() - newest.createdAt.getTime() < GRACE_MS) return undefined
  return newest.createdAt
}
