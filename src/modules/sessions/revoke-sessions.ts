import type { SessionId, UserId } from '../../contract/ids.ts'
import type { Action } from '../../contract/policy.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { endSessionRows, findUserByEmail } from './store.ts'

type Needed = Pick<Deps, 'db' | 'sessions'>

type By = Pick<Caller, 'actor' | 'requestId' | 'origin'>

/** Ends one of one's own sessions, this one included. @throws {AppError} NOT_FOUND */
export async function revokeSession(deps: Needed, by: By, sessionId: SessionId): Promise<{ ended: number }> {
  const { userId, name: targetName } = by.actor
  const ended = await end(deps, by, {
    ...{ userId, sessionId, exceptId: null },
    ...{ action: 'session:revoke', targetId: sessionId, targetName },
  })
  if (ended === 0) fail('NOT_FOUND', { what: 'session' })
  return { ended }
}

/** Ends all of one's own sessions but the one that asks. */
export async function revokeOtherSessions(deps: Needed, by: By): Promise<{ ended: number }> {
  const { userId, session, name: targetName } = by.actor
  const ended = await end(deps, by, {
    ...{ userId, sessionId: null, exceptId: session?.id ?? null },
    ...{ action: 'session:revoke', targetId: userId, targetName },
  })
  return { ended }
}

/** Ends all sessions of somebody, for who runs the installation. @throws {AppError} NOT_FOUND */
export async function revokeSessionsOf(deps: Needed, by: By, email: string): Promise<{ ended: number }> {
  const user = await findUserByEmail(deps.db, email)
  if (!user) return fail('NOT_FOUND', { what: 'user' })
  const ended = await end(deps, by, {
    ...{ userId: user.id, sessionId: null, exceptId: null },
    ...{ action: 'session:revoke-any', targetId: user.id, targetName: user.name },
  })
  return { ended }
}

interface Ending {
  readonly userId: UserId
  /** This one alone; null: all. */
  readonly sessionId: SessionId | null
  readonly exceptId: SessionId | null
  readonly action: Action
  /** The session, or the user all of whose sessions are meant. */
  readonly targetId: SessionId | UserId
  /** Whose they are. */
  readonly targetName: string
}

async function end({ db, sessions }: Needed, by: By, ending: Ending): Promise<number> {
  const { activityId: _, ...audited } = auditOf(by)
  const endedElsewhere = sessions.isInDatabase ? 0 : await endElsewhere(sessions, ending)
  return endSessionRows(db, { ...ending, ...audited, endedElsewhere })
}

/** What is not in the database cannot be ended by its statement, so the audit row follows. */
async function endElsewhere(
  sessions: Deps['sessions'],
  { userId, sessionId, exceptId }: Ending,
): Promise<number> {
  if (sessionId !== null) return (await sessions.invalidate(userId, sessionId)) ? 1 : 0
  return sessions.invalidateAll(userId, exceptId === null ? {} : { except: exceptId })
}
