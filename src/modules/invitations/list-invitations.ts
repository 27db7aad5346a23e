import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import type { InvitationView } from './schema.ts'
import { listInvitationRows, type ListedInvitation } from './store.ts'

/** Those of the organisation for its owner and administrators; for others, those to the teams that they administer. */
export async function listInvitations(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { actor, scope: { orgId } }: Caller,
): Promise<InvitationView[]> {
  const role = actor.orgs.find((org) => org.orgId === orgId)?.role
  const own = actor.teams.filter((team) => team.orgId === orgId && team.role === 'team_admin')
  const seenTeamIds = role === 'org_owner' || role === 'org_admin' ? null : own.map(({ teamId }) => teamId)
  const now = new Date(clock.nowMs())
  const rows = await listInvitationRows(db, { orgId, seenTeamIds, now })
  return rows.flatMap((row) => viewOf(row, now))
}

function viewOf(row: ListedInvitation, now: Date): InvitationView[] {
  const { invitationId, teamId, teamRole } = row
  if (teamId === null || teamRole === null) return []
  return [
    {
      id: invitationId,
      teamId,
      teamName: row.teamName ?? '',
      email: row.email,
      role: teamRole,
      orgRole: row.orgRole,
      invitedByName: row.invitedByName,
      state: stateOf(row, now),
      mail: mailOf(row),
      mailProblem: row.mailedAt ? null : row.mailError,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
    },
  ]
}

function stateOf({ acceptedAt, revokedAt, expiresAt }: ListedInvitation, now: Date): InvitationView['state'] {
  if (acceptedAt) return 'accepted'
  if (revokedAt) return 'revoked'
  return expiresAt <= now ? 'expired' : 'open'
}

function mailOf({ hasMail, mailedAt, mailError }: ListedInvitation): InvitationView['mail'] {
  if (!hasMail) return 'none'
  if (mailedAt) return 'sent'
  return mailError === null ? 'waiting' : 'failed'
}
