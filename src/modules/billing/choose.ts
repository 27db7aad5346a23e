/** What an owner decides without paying. */
import type { OrgId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { choosePlanRow } from './store.ts'

/**
 * Stays with the free plan (null), or says which deployments are kept first when a plan allows less than there is.
 *
 * @throws {AppError} NOT_FOUND
 */
export async function choose(
  { db }: Pick<Deps, 'db'>,
  caller: Caller,
  keptIds: string[] | null,
): Promise<{ id: OrgId }> {
  const { orgId } = caller.scope
  const did = keptIds === null ? 'free' : 'keep'
  if (!(await choosePlanRow(db, { ...auditOf(caller), orgId, keptIds, did })))
    fail('NOT_FOUND', { what: did === 'keep' ? 'deployment' : 'organisation' })
  return { id: orgId }
}
