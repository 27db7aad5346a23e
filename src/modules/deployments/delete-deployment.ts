import type { DeploymentId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import { auditOf } from '../access/audit.ts'
import type { Needed } from './change-deployment.ts'
import { getRow } from './get-deployment.ts'
import type { DeploymentChanged } from './schema.ts'
import { deleteRow } from './store.ts'

/**
 * Asks for deletion: what is in the cluster goes first, then the secrets, then the row counts no more. Asking again
 * is harmless. @throws {AppError} NOT_FOUND
 */
export async function deleteDeployment(
  { db, pushes, changes }: Needed,
  caller: Parameters<typeof auditOf>[0],
  id: DeploymentId,
): Promise<DeploymentChanged> {
  const { revision, teamId } = await getRow({ db }, id)
  const { outcome, generation } = await deleteRow(db, { ...auditOf(caller), deploymentId: id })
  if (outcome === 'no_such_deployment') fail('NOT_FOUND', { what: 'deployment' })
  pushes.poke()
  changes.emit({ id, teamId })
  return { id, revision, generation: generation ?? 0 }
}
