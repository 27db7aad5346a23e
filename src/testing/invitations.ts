import { newId, type InvitationId, type OrgId, type TeamId } from '../contract/ids.ts'
import { hashOfToken, newToken } from '../modules/invitations/token.ts'
import { systemClock } from '../ports/clock/system.ts'
import type { World } from './world.ts'

interface Given {
  readonly email?: string
  readonly role?: 'team_admin' | 'developer' | 'viewer'
  readonly expiresAt?: Date
}

const HOUR_MS = 3_600_000

/** An open invitation to a team. @returns its id, and what stands in its link */
export async function anInvitation(
  { db }: Pick<World, 'db'>,
  { orgId, teamId }: { readonly orgId: OrgId; readonly teamId: TeamId },
  given: Given = {},
): Promise<{ id: InvitationId; token: string }> {
  const id = newId('inv')
  const token = newToken()
  const now = systemClock.nowMs()
  const { email = `${id}@example.com`, role = 'developer', expiresAt = new Date(now + HOUR_MS) } = given
  await db.prisma.invitation.create({
    data: {
      ...{ id, orgId, teamId, email, teamRole: role, expiresAt },
      ...{ tokenHash: hashOfToken(token), sentAt: new Date(now) },
      ...{ invitedById: newId('usr'), invitedByName: 'Ada' },
    },
  })
  return { id, token }
}
