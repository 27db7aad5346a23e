import type { SessionId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Actor, Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { endSessionRows } from './store.ts'

type Needed = Pick<Deps, 'db' | 'sessions'>

type By = Pick<Caller, 'actor' | 'requestId' | 'origin'>

/** Ends one of one's own sessions, this one included. @throws {AppError} NOT_FOUND */
export async function revokeSession(deps: Needed, by: By, sessionId: SessionId): Promise<{ ended: number }> {
  const ended = await end(deps, by, { sessionId, exceptId: null })
  if (ended === 0) fail('NOT_FOUND', { what: 'session' })
  return { ended }
}

/** Ends all of one's own sessions but the one that asks. */
export async function revokeOtherSessions(deps: Needed, by: By): Promise<{ ended: number }> {
  return { ended: await end(deps, by, { sessionId: null, exceptId: by.actor.session?.id ?? null }) }
}

interface Which {
  readonly sessionId: SessionId | null
  readonly exceptId: SessionId | null
}

async function end({ db, sessions }: Needed, by: By, which: Which): Promise<number> {
  const { userId } = by.actor
  const { activityId: _, ...audited } = auditOf(by)
  const endedElsewhere = sessions.isInDatabase ? 0 : await endElsewhere(sessions, by.actor, which)
  return endSessionRows(db, { ...which, userId, ...audited, endedElsewhere })
}

/** What is not in the database cannot be ended by its statement, so the audit row follows. */
async function endElsewhere(
  sessions: Deps['sessions'],
  { userId }: Actor,
  { sessionId, exceptId }: Which,
): Promise<number> {
  if (sessionId !== null) return (await sessions.invalidate(userId, sessionId)) ? 1 : 0
  return sessions.invalidateAll(userId, exceptId === null ? {} : { except: exceptId })
}
