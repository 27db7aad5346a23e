import { z } from 'zod'

import { OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { TeamName } from '../../contract/people-names.ts'
import { input, Instant, MyTeam, TeamRole } from '../access/schema.ts'

export const ListTeams = input({ orgId: OrgId })
export const TeamView = MyTeam.extend({
  /** Made with the organisation; it stays as long as that. */
  isDefault: z.boolean(),
  members: z.int(),
  deployments: z.int(),
})
export type TeamView = z.infer<typeof TeamView>
export const TeamList = z.array(TeamView)

/** Null: the caller is in no team yet. */
export const CurrentTeam = MyTeam.nullable()

export const SetCurrentTeam = input({ teamId: TeamId })

export const CreateTeam = input({ orgId: OrgId, name: TeamName })
export const RenameTeam = input({ teamId: TeamId, name: TeamName })
export const TeamChanged = z.object({ id: TeamId, name: z.string() })
export type TeamChanged = z.infer<typeof TeamChanged>
export const DeleteTeam = input({ teamId: TeamId })
export const TeamDone = z.object({ id: TeamId })
export type TeamDone = z.infer<typeof TeamDone>

export const ListTeamMembers = input({ teamId: TeamId })
export const TeamMemberView = z.object({
  userId: UserId,
  name: z.string(),
  email: z.string(),
  avatarUrl: z.string().nullable(),
  role: TeamRole,
  joinedAt: Instant,
})
export type TeamMemberView = z.infer<typeof TeamMemberView>
export const TeamMemberList = z.array(TeamMemberView)

export const SetTeamMember = input({ teamId: TeamId, userId: UserId, role: TeamRole })
export type SetTeamMember = z.output<typeof SetTeamMember>
export const RemoveTeamMember = input({ teamId: TeamId, userId: UserId })
export const TeamMemberDone = z.object({ userId: UserId })
export type TeamMemberDone = z.infer<typeof TeamMemberDone>

// ── what changes of teams write to the audit ──────────────────────────────────────────────────────────────

export const TeamChangeAudit = z.strictObject({ name: z.strictObject({ from: z.string(), to: z.string() }) })
export const TeamMemberAudit = z.strictObject({ role: TeamRole })
export const TeamRoleAudit = z.strictObject({ role: z.strictObject({ from: TeamRole, to: TeamRole }) })
