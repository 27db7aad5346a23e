import { inOrg, inTeam, router, self } from '../../rpc/procedures.ts'
import { currentTeamOf } from '../access/view.ts'
import { listTeams } from './list-teams.ts'
import { CurrentTeam, ListTeams, SetCurrentTeam, TeamList } from './schema.ts'
import { setCurrentTeam } from './set-current-team.ts'

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
})
