import { newId } from '../../contract/ids.ts'
import { slugFor } from '../../contract/people-names.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import type { CreateOrg, OrgCreated } from './schema.ts'
import { insertOrg, isSlugTaken } from './store.ts'

/** An organisation with a team, both the caller's. @throws {AppError} SLUG_TAKEN */
export async function createOrg(
  { db }: Pick<Deps, 'db'>,
  by: Pick<Caller, 'actor' | 'requestId' | 'origin'>,
  { name, slug }: CreateOrg,
): Promise<OrgCreated> {
  const teamId = newId('team')
  const made = {
    ...auditOf(by),
    orgId: newId('org'),
    orgName: name,
    teamId,
    teamName: 'Default',
    userId: by.actor.userId,
  }
  const orgSlug = slug ?? slugFor(name)
  try {
    return { id: await insertOrg(db, { ...made, orgSlug }), teamId }
  } catch (error) {
    if (!isSlugTaken(error)) throw error
    return fail('SLUG_TAKEN', { slug: orgSlug }, { cause: error })
  }
}
