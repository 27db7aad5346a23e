import { isDeepStrictEqual } from 'node:util'

import { newId } from '../../contract/ids.ts'
import { vaultPaths, type VaultPath } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import { originIn, type Origins } from '../secrets/secret-origins.ts'
import { pinnedVersion, usedKeys } from '../secrets/secret-uses.ts'
import { changeRow, type Author, type Change, type Needed } from './change-deployment.ts'
import { RevisionSpec, secretVersionsOf } from './revision-spec.ts'
import type { RollbackDeployment } from './revision-schema.ts'
import type { DeploymentChanged } from './schema.ts'
import { findRevisionRow } from './store.ts'

/** What Shipyard goes back from by itself; a person needs no reason. */
interface Because {
  /** The revision that does not become ready. */
  readonly failed: number
  /** Of `src/contract/crd/conditions.ts`. */
  readonly reason: string
}

/** What Shipyard asks for by itself, of exactly the wish that failed. */
interface TakeBack extends RollbackDeployment {
  readonly baseGeneration: number
  readonly because: Because
}

/**
 * Makes an earlier revision run again, as a new one: services, images by their digests and secrets by their versions.
 * Host names and what else belongs to the deployment itself stay as they are.
 *
 * @throws {AppError} NOT_FOUND, CONFLICT, BEING_DELETED, SECRET_VERSION_GONE, VAULT_UNAVAILABLE; nothing was changed
 */
export async function rollbackDeployment(
  deps: Needed & Pick<Deps, 'vault'>,
  caller: Author,
  asked: RollbackDeployment | TakeBack,
): Promise<DeploymentChanged> {
  const { id, baseRevision, revision } = asked
  const { because, baseGeneration } = 'because' in asked ? asked : {}
  const read = async () =>
    (await findRevisionRow(deps.db, id, revision)) ?? fail('NOT_FOUND', { what: 'revision' })
  return changeRow(
    deps,
    { caller, id, baseRevision, baseGeneration, read },
    async ({ row, spec: present }) => {
      const spec = RevisionSpec.parse(row.wantedSpec)
      // A revision that repeats the wanted one is no way out of what befell it.
      if (because && isDeepStrictEqual(spec, present)) fail('CONFLICT', { what: 'deployment' })
      await assertReadable(deps, spec)
      const path = vaultPaths.deployment({ userId: row.ownerId, name: row.deploymentName })
      return {
        spec,
        action: 'deployment:rollback',
        activity: { kind: 'rolled_back', detail: { to: revision, ...because } },
        rollbackOf: revision,
        ...(because ? { note: `Revision ${because.failed} failed: ${because.reason}.` } : {}),
        ...secretRows({ present, spec, path, origins: row.wantedOrigins[path] ?? {} }),
      }
    },
  )
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
  /** Of the revision that is repeated. */
  origins: Origins
}

/** What the list of the deployment's own secrets says afterwards. */
function secretRows({ present, spec, path, origins }: Compared): Pick<Change, 'secrets' | 'removedSecrets'> {
  const keys = usedKeys(spec, path)
  const version = pinnedVersion(spec, path) ?? 0
  return {
    secrets: keys.map((key) => ({
      id: newId('sec'),
      layer: 'deployment',
      path,
      key,
      version: originIn({ version, origins }, key),
      service: null,
      description: '',
    })),
    removedSecrets: usedKeys(present, path)
      .filter((key) => !keys.includes(key))
      .map((key) => ({ path, key })),
  }
}
