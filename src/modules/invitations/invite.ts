import { newId, type Id } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { authorize } from '../access/authorize.ts'
import { limitReached } from '../billing/limit-reached.ts'
import type { Deps } from '../deps.ts'
import type { Invite, Invited } from './schema.ts'
import { insertInvitation, isInvitedAlready } from './store.ts'
import { hashOfToken, linkOf, newToken } from './token.ts'

type Needed = Pick<Deps, 'db' | 'mail' | 'clock' | 'settings' | 'effects'>

const DAY_MS = 24 * 3_600_000

export const expiryAfter = (now: Date, days: number): Date => new Date(now.getTime() + days * DAY_MS)

/** Either the row of a letter, or a link with the hash that stands for it. */
interface Sending {
  readonly mailId: Id<'out'> | null
  readonly tokenHash: string | null
  readonly link: string | null
}

/** Where no mail is sent there is a link at once; else one is made when the mail is sent, and is nowhere before. */
export function mailOrLink({ mail, settings }: Pick<Needed, 'mail' | 'settings'>): Sending {
  if (mail) return { mailId: newId('out'), tokenHash: null, link: null }
  const token = newToken()
  return { mailId: null, tokenHash: hashOfToken(token), link: linkOf(token, settings.baseUrl) }
}

/**
 * Invites an address to a team. Only who may invite to the organisation may make an administrator of it by this.
 *
 * @throws {AppError} ALREADY_MEMBER, ALREADY_INVITED, TIER_LIMIT_REACHED, FORBIDDEN
 */
export async function invite(deps: Needed, caller: Caller, asked: Invite): Promise<Invited> {
  const { teamId, email, role, orgRole, days } = asked
  if (orgRole === 'org_admin') {
    const scope = { ...caller.scope, teamId: null }
    authorize({ actor: caller.actor, scope, action: 'org-member:invite', what: 'organisation' })
  }
  const id = newId('inv')
  const now = new Date(deps.clock.nowMs())
  const { link, ...sent } = mailOrLink(deps)
  const row = await insertInvitation(deps.db, {
    ...auditOf(caller),
    ...sent,
    ...{ inviterId: caller.actor.userId, invitationId: id, teamId, email, orgRole, teamRole: role },
    ...{ now, expiresAt: expiryAfter(now, days), enforceLimit: deps.settings.isBillingEnabled },
  }).catch((error: unknown) => {
    if (!isInvitedAlready(error)) throw error
    return fail('ALREADY_INVITED', { email }, { cause: error })
  })
  if (row.outcome === 'is_member') fail('ALREADY_MEMBER', { email })
  if (row.outcome === 'no_such_team') fail('NOT_FOUND', { what: 'team' })
  if (row.outcome === 'limit_reached') {
    const { membersUsed: used, membersLimit: limit, planId } = row
    throw limitReached(deps.settings, { what: 'members', planId, used, limit })
  }
  deps.effects.poke()
  return { id, link }
}
