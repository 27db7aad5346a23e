import { inOrg, inTeam, router, self } from '../../rpc/procedures.ts'
import { PlainAudit } from '../access/audit.ts'
import { currentTeamOf } from '../access/view.ts'
import { createTeam } from './create-team.ts'
import { deleteTeam } from './delete-team.ts'
import { listTeams } from './list-teams.ts'
import { renameTeam } from './rename-team.ts'
import {
  CreateTeam,
  CurrentTeam,
  DeleteTeam,
  ListTeamMembers,
  ListTeams,
  RemoveTeamMember,
  RenameTeam,
  SetCurrentTeam,
  SetTeamMember,
  TeamChangeAudit,
  TeamChanged,
  TeamDone,
  TeamList,
  TeamMemberAudit,
  TeamMemberDone,
  TeamMemberList,
  TeamRoleAudit,
} from './schema.ts'
import { setCurrentTeam } from './set-current-team.ts'
import { addToTeam, changeTeamRole, membersOfTeam, removeFromTeam } from './team-members.ts'

const teamMembersRouter = router({
  list: inTeam('team-member:read')
    .output(TeamMemberList)
    .input(ListTeamMembers)
    .query(async ({ ctx, input }) => membersOfTeam(ctx.deps, input.teamId)),

  add: inTeam('team-member:invite', { audit: TeamMemberAudit })
    .output(TeamMemberDone)
    .input(SetTeamMember)
    .mutation(async ({ ctx, input }) => addToTeam(ctx.deps, ctx.caller, input)),

  changeRole: inTeam('team-member:change-role', { audit: TeamRoleAudit })
    .output(TeamMemberDone)
    .input(SetTeamMember)
    .mutation(async ({ ctx, input }) => changeTeamRole(ctx.deps, ctx.caller, input)),

  remove: inTeam('team-member:remove', { audit: TeamMemberAudit })
    .output(TeamMemberDone)
    .input(RemoveTeamMember)
    .mutation(async ({ ctx, input }) => removeFromTeam(ctx.deps, ctx.caller, input)),
})

export const teamsRouter = router({
  list: inOrg('org:read')
    .output(TeamList)
    .input(ListTeams)
    .query(async ({ ctx }) => listTeams(ctx.deps, ctx.caller)),

  current: self('self:read')
    .output(CurrentTeam)
    .query(({ ctx: { actor } }) => {
      const team = currentTeamOf(actor)
      return team ? { id: team.teamId, orgId: team.orgId, name: team.name, role: team.role } : null
    }),

  setCurrent: inTeam('team:read', { audit: 'none' })
    .output(CurrentTeam)
    .input(SetCurrentTeam)
    .mutation(async ({ ctx }) => setCurrentTeam(ctx.deps, ctx.caller)),

  create: inOrg('team:create', { audit: PlainAudit })
    .output(TeamChanged)
    .input(CreateTeam)
    .mutation(async ({ ctx, input }) => createTeam(ctx.deps, ctx.caller, input.name)),

  rename: inTeam('team:update', { audit: TeamChangeAudit })
    .output(TeamChanged)
    .input(RenameTeam)
    .mutation(async ({ ctx, input }) => renameTeam(ctx.deps, ctx.caller, input)),

  delete: inTeam('team:delete', { audit: PlainAudit })
    .output(TeamDone)
    .input(DeleteTeam)
    .mutation(async ({ ctx, input }) => deleteTeam(ctx.deps, ctx.caller, input.teamId)),

  members: teamMembersRouter,
})
