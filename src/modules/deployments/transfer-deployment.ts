import { z } from 'zod'

import { transferDeployment as statement } from '../../../prisma/sql/transfer-deployment.generated.ts'
import { UserId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import { isConstraintError } from '../../ports/db/errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { input } from '../access/schema.ts'
import type { Needed } from './change-deployment.ts'
import { chosen, type DeploymentChanged } from './schema.ts'

/** `userId`: the member of its organisation who answers for it from now on. */
export const TransferDeployment = input({ ...chosen, userId: UserId })
export type TransferDeployment = z.output<typeof TransferDeployment>

export const DeploymentTransferAudit = z.strictObject({ newKeeperId: UserId })

/** The member leaves at this moment. */
const KEEPER = 'deployments_org_id_keeper_id_fkey'

/**
 * Makes another member answer for a deployment, which goes on running where it is: nothing is written to the cluster.
 *
 * @throws {AppError} NOT_FOUND, also for who is no member; BEING_DELETED
 */
export async function transferDeployment(
  { db, changes }: Pick<Needed, 'db' | 'changes'>,
  caller: Caller,
  { id, userId: newKeeperId }: TransferDeployment,
): Promise<DeploymentChanged> {
  const asked = { ...auditOf(caller), deploymentId: id, newKeeperId }
  const row = await db.first(statement, asked).catch((error: unknown) => {
    if (isConstraintError(error, KEEPER)) fail('NOT_FOUND', { what: 'member to move it to' })
    throw error
  })
  if (!row) fail('NOT_FOUND', { what: 'deployment' })
  if (row.isDeleted) fail('BEING_DELETED', { what: 'deployment' })
  if (!row.isMember) fail('NOT_FOUND', { what: 'member to move it to' })
  if (row.isChanged) changes.emit({ id, teamId: row.teamId })
  return { id, revision: row.revision, generation: row.generation }
}
