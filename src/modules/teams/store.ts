import { addTeamMember } from '../../../prisma/sql/add-team-member.generated.ts'
import { changeTeamRole } from '../../../prisma/sql/change-team-role.generated.ts'
import { createTeam } from '../../../prisma/sql/create-team.generated.ts'
import { deleteTeam } from '../../../prisma/sql/delete-team.generated.ts'
import { listTeamMembers } from '../../../prisma/sql/list-team-members.generated.ts'
import { listTeams } from '../../../prisma/sql/list-teams.generated.ts'
import { removeTeamMember } from '../../../prisma/sql/remove-team-member.generated.ts'
import { updateTeam } from '../../../prisma/sql/update-team.generated.ts'
import type { TeamId } from '../../contract/ids.ts'
import { isConstraintError } from '../../ports/db/errors.ts'
import type { Db } from '../../ports/db/port.ts'
import { repeatOn } from '../../ports/db/repeat-on.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

/** The name of a team belongs to another one of the organisation. */
export const isTeamNameTaken = (error: unknown): boolean => isConstraintError(error, 'teams_org_id_name_key')

/** Who is to be in a team is not in its organisation, or the team is gone. */
export const isNoMember = (error: unknown): boolean =>
  isConstraintError(error, 'team_members_org_id_user_id_fkey', 'team_members_team_id_org_id_fkey')

export const listTeamRows = async (
  db: Db,
  params: ParamsOf<typeof listTeams>,
): Promise<RowOf<typeof listTeams>[]> => db.all(listTeams, params)

export const insertTeam = async (
  db: Db,
  params: ParamsOf<typeof createTeam>,
): Promise<RowOf<typeof createTeam>> => db.one(createTeam, params)

export const updateTeamRow = async (
  db: Db,
  params: ParamsOf<typeof updateTeam>,
): Promise<RowOf<typeof updateTeam> | undefined> => db.first(updateTeam, params)

/** A deployment that is made at the same moment is seen the second time. */
export const deleteTeamRow = async (
  db: Db,
  params: ParamsOf<typeof deleteTeam>,
): Promise<RowOf<typeof deleteTeam>> =>
  repeatOn(['deployments_team_id_org_id_fkey'], async () => db.one(deleteTeam, params))

export const listTeamMemberRows = async (db: Db, teamId: TeamId): Promise<RowOf<typeof listTeamMembers>[]> =>
  db.all(listTeamMembers, { teamId })

export const addTeamMemberRow = async (
  db: Db,
  params: ParamsOf<typeof addTeamMember>,
): Promise<RowOf<typeof addTeamMember>> => db.one(addTeamMember, params)

export const changeTeamRoleRow = async (
  db: Db,
  params: ParamsOf<typeof changeTeamRole>,
): Promise<RowOf<typeof changeTeamRole> | undefined> => db.first(changeTeamRole, params)

export const removeTeamMemberRow = async (
  db: Db,
  params: ParamsOf<typeof removeTeamMember>,
): Promise<RowOf<typeof removeTeamMember> | undefined> => db.first(removeTeamMember, params)
