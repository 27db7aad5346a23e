import { newId } from '../../contract/ids.ts'
import { vaultPaths, type VaultPath } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import { pinnedVersion, usedKeys } from '../secrets/secret-uses.ts'
import { changeRow, type Change, type Needed } from './change-deployment.ts'
import { RevisionSpec, secretVersionsOf } from './revision-spec.ts'
import type { RollbackDeployment } from './revision-schema.ts'
import type { DeploymentChanged } from './schema.ts'
import { findRevisionRow } from './store.ts'

/**
 * Makes an earlier revision run again, as a new one: services, images by their digests and secrets by their versions.
 * Host names and what else belongs to the deployment itself stay as they are.
 *
 * @throws {AppError} NOT_FOUND, CONFLICT, BEING_DELETED, SECRET_VERSION_GONE, VAULT_UNAVAILABLE; nothing was changed
 */
export async function rollbackDeployment(
  deps: Needed & Pick<Deps, 'vault'>,
  caller: Caller,
  { id, baseRevision, revision }: RollbackDeployment,
): Promise<DeploymentChanged> {
  const read = async () =>
    (await findRevisionRow(deps.db, id, revision)) ?? fail('NOT_FOUND', { what: 'revision' })
  return changeRow(deps, { caller, id, baseRevision, read }, async ({ row, spec: present }) => {
    const spec = RevisionSpec.parse(row.wantedSpec)
    await assertReadable(deps, spec)
    const path = vaultPaths.deployment({ userId: row.ownerId, name: row.deploymentName })
    return {
      spec,
      action: 'deployment:rollback',
      activity: { kind: 'rolled_back', detail: { to: revision } },
      rollbackOf: revision,
      ...secretRows({ present, spec, path }),
    }
  })
}

/** The versions in Vault that the revision names are all there. */
async function assertReadable({ vault }: Pick<Deps, 'vault'>, spec: RevisionSpec): Promise<void> {
  for (const [path, version] of Object.entries(secretVersionsOf(spec))) {
    const metadata = await vault.readMetadata(path as VaultPath)
    const isThere = metadata?.versions.some((each) => each.version === version && !each.isDestroyed)
    if (isThere) continue
    fail('SECRET_VERSION_GONE', { name: usedKeys(spec, path as VaultPath).join(', ') || path })
  }
}

interface Compared {
  present: RevisionSpec
  spec: RevisionSpec
  path: VaultPath
}

/** What the list of the deployment's own secrets says afterwards. */
function secretRows({ present, spec, path }: Compared): Pick<Change, 'secrets' | 'removedSecrets'> {
  const keys = usedKeys(spec, path)
  const version = pinnedVersion(spec, path) ?? 0
  return {
    secrets: keys.map((key) => ({
      id: newId('sec'),
      layer: 'deployment',
      path,
      key,
      version,
      service: null,
      description: '',
    })),
    removedSecrets: usedKeys(present, path)
      .filter((key) => !keys.includes(key))
      .map((key) => ({ path, key })),
  }
}
