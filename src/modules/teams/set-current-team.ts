import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import type { CurrentTeam } from './schema.ts'
import type { z } from 'zod'
import type { Deps } from '../deps.ts'

/** The team that the dashboard opens from now on, for this session. A key has no session and keeps none. */
export async function setCurrentTeam(
  { sessions }: Pick<Deps, 'sessions'>,
  { actor, scope: { orgId, teamId } }: Caller,
): Promise<z.output<typeof CurrentTeam>> {
  if (teamId === null) fail('NOT_FOUND', { what: 'team' })
  if (actor.session) await sessions.setCurrentTeam(actor.session.id, teamId)
  const team = actor.teams.find((each) => each.teamId === teamId)
  return team ? { id: teamId, orgId, name: team.name, role: team.role } : null
}
