import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import type { TemplateSummary } from './schema.ts'
import { listTemplateRows } from './store.ts'
import { viewOfListed } from './view.ts'
import type { TeamId } from '../../contract/ids.ts'

/** What the caller may deploy into a team: the installation's, public ones, the organisation's, the team's, own. */
export async function listTemplates(
  { db }: Pick<Deps, 'db'>,
  { actor, scope: { orgId } }: Caller,
  teamId: TeamId,
): Promise<TemplateSummary[]> {
  return (await listTemplateRows(db, { orgId, teamId, userId: actor.userId })).map(viewOfListed)
}
