import { z } from 'zod'

import { UserId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { input } from '../access/schema.ts'
import type { Needed } from './change-deployment.ts'
import { chosen, type DeploymentChanged } from './schema.ts'
import { transferRow } from './store.ts'

/** `userId`: the member of its organisation who answers for it from now on. */
export const TransferDeployment = input({ ...chosen, userId: UserId })
export type TransferDeployment = z.output<typeof TransferDeployment>

export const DeploymentTransferAudit = z.strictObject({ newKeeperId: UserId })

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
  const row = await transferRow(db, asked)
  if (!row) fail('NOT_FOUND', { what: 'deployment' })
  if (row.isDeleted) fail('BEING_DELETED', { what: 'deployment' })
  if (!row.isMember) fail('NOT_FOUND', { what: 'member to move it to' })
  if (row.isChanged) changes.emit({ id, teamId: row.teamId })
  return { id, revision: row.revision, generation: row.generation }
}
