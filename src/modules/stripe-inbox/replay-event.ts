import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { replayEventRow } from './store.ts'

/** Has an event worked on again, now: its customer is asked for anew. @throws {AppError} NOT_FOUND */
export async function replayEvent(
  { db, inbox }: Pick<Deps, 'db' | 'inbox'>,
  by: Pick<Caller, 'actor' | 'requestId' | 'origin'>,
  eventId: string,
): Promise<{ id: string }> {
  const { activityId: _, ...audit } = auditOf(by)
  if (!(await replayEventRow(db, { ...audit, eventId }))) fail('NOT_FOUND', { what: 'event' })
  inbox.poke()
  return { id: eventId }
}
