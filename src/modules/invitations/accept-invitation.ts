import { fail } from '../../errors.ts'
import type { Actor, Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { judgeInvitation, type Judged } from './judge-invitation.ts'
import type { InvitationAccepted, InvitationPreview } from './schema.ts'
import { acceptRow, findByToken } from './store.ts'
import { hashOfToken } from './token.ts'

type Needed = Pick<Deps, 'db' | 'clock' | 'settings'>

/** What a link leads to, for whoever is about to accept it. @throws {AppError} as `judgeInvitation` */
export async function previewInvitation(
  deps: Needed,
  actor: Actor,
  token: string,
): Promise<InvitationPreview> {
  const { expiresAt, teamRole, teamName, ...rest } = await judged(deps, actor, token)
  return { ...rest, teamName: teamName ?? '', role: teamRole, expiresAt: expiresAt.toISOString() }
}

/**
 * Makes the caller a member. Accepting again is harmless.
 *
 * @throws {AppError} as `judgeInvitation`, and ORG_FULL, ORG_SUSPENDED; nothing was changed then
 */
export async function acceptInvitation(
  deps: Needed,
  by: Pick<Caller, 'actor' | 'requestId' | 'origin'>,
  token: string,
): Promise<InvitationAccepted> {
  const { orgId, teamId, isAccepted } = await judged(deps, by.actor, token)
  if (isAccepted) return { orgId, teamId }
  const { outcome } = await acceptRow(deps.db, {
    ...auditOf(by),
    ...{ tokenHash: hashOfToken(token), userId: by.actor.userId, email: by.actor.email.toLowerCase() },
    now: new Date(deps.clock.nowMs()),
    enforceLimit: deps.settings.isBillingEnabled,
  })
  if (outcome === 'limit_reached') fail('ORG_FULL', {})
  if (outcome === 'org_suspended') fail('ORG_SUSPENDED', {})
  if (outcome === 'payment_required') fail('PAYMENT_REQUIRED', {})
  if (outcome === 'not_open') {
    // Something has happened to it since: what, a second look says.
    const again = await judged(deps, by.actor, token)
    if (!again.isAccepted) fail('CONFLICT', { what: 'invitation' })
  }
  return { orgId, teamId }
}

const judged = async ({ db, clock }: Needed, actor: Actor, token: string): Promise<Judged> =>
  judgeInvitation(await findByToken(db, hashOfToken(token)), actor, new Date(clock.nowMs()))
