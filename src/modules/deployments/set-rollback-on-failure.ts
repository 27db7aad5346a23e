import type { Caller } from '../access/actor.ts'
import { changeDeployment, type Needed } from './change-deployment.ts'
import type { DeploymentChanged, SetRollbackOnFailure } from './schema.ts'

/** Has updates that fail taken back, or not any more: a new revision, of which no pod hears. */
export async function setRollbackOnFailure(
  deps: Needed,
  caller: Caller,
  { id, baseRevision, rollbackOnFailure }: SetRollbackOnFailure,
): Promise<DeploymentChanged> {
  return changeDeployment(deps, { caller, id, baseRevision }, async ({ spec }) => ({
    spec: { ...spec, rollbackOnFailure },
    action: 'deployment:update',
    activity: { kind: 'rollback_set', detail: { rollbackOnFailure } },
  }))
}
