import type { TeamId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import type { TeamChanged } from './schema.ts'
import { isTeamNameTaken, updateTeamRow } from './store.ts'

/** @throws {AppError} NAME_TAKEN, NOT_FOUND */
export async function renameTeam(
  { db }: Pick<Deps, 'db'>,
  caller: Caller,
  { teamId, name }: { teamId: TeamId; name: string },
): Promise<TeamChanged> {
  const row = await updateTeamRow(db, { ...auditOf(caller), teamId, teamName: name }).catch(
    (error: unknown) => {
      if (!isTeamNameTaken(error)) throw error
      return fail('NAME_TAKEN', { what: 'team', name }, { cause: error })
    },
  )
  if (!row) fail('NOT_FOUND', { what: 'team' })
  return { id: teamId, name: row.teamName }
}
