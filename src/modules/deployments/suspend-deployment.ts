import type { DeploymentId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Needed } from './change-deployment.ts'
import type { DeploymentChanged } from './schema.ts'
import { suspendRow } from './store.ts'

/**
 * Stops all pods and keeps everything else, or lets them run again. Asking for what is so already changes nothing.
 *
 * @throws {AppError} NOT_FOUND, BEING_DELETED
 */
export async function suspendDeployment(
  { db, pushes, changes }: Needed,
  caller: Caller,
  { id, suspended }: { id: DeploymentId; suspended: boolean },
): Promise<DeploymentChanged> {
  const activityKind = suspended ? 'suspended' : 'resumed'
  const row = await suspendRow(db, { ...auditOf(caller), deploymentId: id, suspended, activityKind })
  if (!row) fail('NOT_FOUND', { what: 'deployment' })
  if (row.isDeleted) fail('BEING_DELETED', { what: 'deployment' })
  if (row.isChanged) {
    pushes.poke()
    changes.emit({ id, teamId: row.teamId })
  }
  return { id, revision: row.revision, generation: row.generation }
}
