import type { OrgSlug } from '../../contract/people-names.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import type { OrgChanged } from './schema.ts'
import { isSlugTaken, updateOrgRow } from './store.ts'

type Change = { readonly name: string } | { readonly slug: OrgSlug }

/** Another name, or another slug. @throws {AppError} SLUG_TAKEN */
export async function updateOrg(
  { db }: Pick<Deps, 'db'>,
  caller: Caller,
  change: Change,
): Promise<OrgChanged> {
  const orgName = 'name' in change ? change.name : null
  const orgSlug = 'slug' in change ? change.slug : null
  try {
    const row = await updateOrgRow(db, { ...auditOf(caller), orgId: caller.scope.orgId, orgName, orgSlug })
    if (!row) fail('NOT_FOUND', { what: 'organisation' })
    return { id: row.orgId, name: row.orgName, slug: row.orgSlug }
  } catch (error) {
    if (!isSlugTaken(error)) throw error
    return fail('SLUG_TAKEN', { slug: orgSlug ?? '' }, { cause: error })
  }
}
