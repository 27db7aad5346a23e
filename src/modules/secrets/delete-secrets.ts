import type { z } from 'zod'

import { vaultPaths } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { changeDeployment } from '../deployments/change-deployment.ts'
import type { DeploymentChanged } from '../deployments/schema.ts'
import type { Deps } from '../deps.ts'
import type { DeleteSecrets } from './schema.ts'
import { pinnedVersion, usedKeys, withoutKeys } from './secret-uses.ts'
import { stagingOf } from './stage-secrets.ts'

/**
 * Takes secrets from a deployment: a new revision, and a new version in Vault without their values. Older versions
 * stay as long as a revision names them, for going back.
 */
export async function deleteSecrets(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'pushes' | 'changes' | 'settings'>,
  caller: Caller,
  { id, keys }: z.output<typeof DeleteSecrets>,
): Promise<DeploymentChanged> {
  const stage = stagingOf(deps, Object.fromEntries(keys.map((key) => [key, null])))
  return changeDeployment(deps, { caller, id }, async ({ row, spec }) => {
    const path = vaultPaths.deployment({ userId: row.ownerId, name: row.deploymentName })
    const present = usedKeys(spec, path)
    const pinned = pinnedVersion(spec, path)
    if (pinned === undefined || keys.some((key) => !present.includes(key)))
      fail('NOT_FOUND', { what: 'secret' })
    const isLast = present.every((key) => keys.includes(key))
    const version = isLast ? pinned : await stage({ path, present, pinned })
    return {
      spec: withoutKeys(spec, path, { keys, version }),
      action: 'secret:delete',
      activity: { kind: 'secrets_deleted', detail: { keys } },
      removedSecrets: keys.map((key) => ({ path, key })),
    }
  })
}
