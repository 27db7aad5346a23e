import type { DeploymentId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { getRow } from './get-deployment.ts'
import type { Needed } from './change-deployment.ts'
import type { DeploymentChanged } from './schema.ts'
import { restartRow } from './store.ts'

/** Replaces all pods by new ones of the same revision. @throws {AppError} NOT_FOUND, BEING_DELETED */
export async function restartDeployment(
  { db, pushes, changes }: Needed,
  caller: Caller,
  id: DeploymentId,
): Promise<DeploymentChanged> {
  const { revision, teamId } = await getRow({ db }, id)
  const row = await restartRow(db, { ...auditOf(caller), deploymentId: id })
  if (!row) fail('BEING_DELETED', { what: 'deployment' })
  pushes.poke()
  changes.emit({ id, teamId })
  return { id, revision, generation: row.generation }
}
