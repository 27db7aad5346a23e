import { fail } from '../../errors.ts'
import type { Actor } from '../access/actor.ts'
import type { FoundInvitation } from './store.ts'

/** An invitation that the caller may accept, or has accepted before. */
export type Judged = FoundInvitation & {
  readonly teamId: NonNullable<FoundInvitation['teamId']>
  readonly teamRole: NonNullable<FoundInvitation['teamRole']>
  readonly isAccepted: boolean
}

/**
 * Says why a link does not work, if it does not. Pure.
 *
 * @throws {AppError} INVITATION_UNKNOWN, _USED, _REVOKED, _REPLACED, _EXPIRED, _FOR_ANOTHER
 */
export function judgeInvitation(
  found: FoundInvitation | undefined,
  { userId, email }: Pick<Actor, 'userId' | 'email'>,
  now: Date,
): Judged {
  if (!found || found.teamId === null || found.teamRole === null) return fail('INVITATION_UNKNOWN', {})
  const { teamId, teamRole } = found
  // Whoever accepted it and opens the link again is where they want to be.
  if (found.acceptedById === userId) return { ...found, teamId, teamRole, isAccepted: true }
  if (found.acceptedAt) fail('INVITATION_USED', {})
  if (found.revokedAt) fail('INVITATION_REVOKED', {})
  if (found.isReplaced) fail('INVITATION_REPLACED', {})
  if (found.expiresAt <= now) fail('INVITATION_EXPIRED', {})
  if (found.email !== email.toLowerCase()) fail('INVITATION_FOR_ANOTHER', { email: found.email })
  return { ...found, teamId, teamRole, isAccepted: false }
}
