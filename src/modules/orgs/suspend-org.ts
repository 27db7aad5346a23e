import type { OrgId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import type { OrgDone } from './schema.ts'
import { suspendOrgRow } from './store.ts'

interface Suspension {
  readonly orgId: OrgId
  /** Why; null lets it go on. */
  readonly reason: string | null
}

/** Stops an organisation with all its pods, or lets it go on. @throws {AppError} NOT_FOUND */
export async function suspendOrg(
  { db, pushes }: Pick<Deps, 'db' | 'pushes'>,
  by: Pick<Caller, 'actor' | 'requestId' | 'origin'>,
  { orgId, reason }: Suspension,
): Promise<OrgDone> {
  const row = await suspendOrgRow(db, { ...auditOf(by), orgId, reason, suspended: reason !== null })
  if (!row) fail('NOT_FOUND', { what: 'organisation' })
  pushes.poke()
  return { id: orgId }
}
