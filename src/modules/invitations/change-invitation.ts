import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { expiryAfter, mailOrLink } from './invite.ts'
import type { InvitationDone, Invited, NamedInvitation } from './schema.ts'
import { resendRow, revokeRow } from './store.ts'

const RESENT_DAYS = 7

/** Another mail (or link), with another term; the links before it end. @throws {AppError} NOT_FOUND */
export async function resendInvitation(
  deps: Pick<Deps, 'db' | 'mail' | 'clock' | 'settings' | 'effects'>,
  caller: Caller,
  { teamId, invitationId }: NamedInvitation,
): Promise<Invited> {
  const now = new Date(deps.clock.nowMs())
  const { link, ...sent } = mailOrLink(deps)
  const asked = { teamId, invitationId, now, expiresAt: expiryAfter(now, RESENT_DAYS) }
  const row = await resendRow(deps.db, { ...auditOf(caller), ...sent, ...asked })
  if (!row) fail('NOT_FOUND', { what: 'open invitation' })
  deps.effects.poke()
  return { id: invitationId, link }
}

/** Its links lead nowhere from now on. @throws {AppError} NOT_FOUND */
export async function revokeInvitation(
  { db }: Pick<Deps, 'db'>,
  caller: Caller,
  { teamId, invitationId }: NamedInvitation,
): Promise<InvitationDone> {
  const row = await revokeRow(db, { ...auditOf(caller), teamId, invitationId })
  if (!row) fail('NOT_FOUND', { what: 'open invitation' })
  return { id: invitationId }
}
