import type { z } from 'zod'

import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { changeDeployment } from '../deployments/change-deployment.ts'
import type { DeploymentChanged } from '../deployments/schema.ts'
import type { Deps } from '../deps.ts'
import type { DeleteSecrets } from './schema.ts'
import { withoutKeys } from './secret-uses.ts'
import { runningIn, stagingOf } from './stage-secrets.ts'

/**
 * Takes secrets from a deployment: a new revision, and a new version in Vault without their values. Older versions
 * stay as long as a revision names them, for going back. Where no version can be made that keeps the other values as
 * they run, the services only no longer get these keys.
 *
 * @throws {AppError} as `changeDeployment`, and VAULT_UNAVAILABLE, VAULT_CONFLICT
 */
export async function deleteSecrets(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'pushes' | 'changes' | 'settings'>,
  caller: Caller,
  { id, keys }: z.output<typeof DeleteSecrets>,
): Promise<DeploymentChanged> {
  const stage = stagingOf(deps, Object.fromEntries(keys.map((key) => [key, null])))
  return changeDeployment(deps, { caller, id }, async (current) => {
    const { row, spec } = current
    const running = runningIn(current)
    const { path, present, pinned } = running
    if (pinned === undefined || keys.some((key) => !present.includes(key)))
      fail('NOT_FOUND', { what: 'secret' })
    const isLast = present.every((key) => keys.includes(key))
    const staged = isLast ? pinned : await stage(running)
    const { version, origins } = 'version' in staged ? staged : pinned
    return {
      spec: withoutKeys(spec, path, { keys, version }),
      action: 'secret:delete',
      activity: { kind: 'secrets_deleted', detail: { keys } },
      removedSecrets: keys.map((key) => ({ path, key })),
      secretOrigins: { ...row.secretOrigins, [path]: origins },
    }
  })
}
