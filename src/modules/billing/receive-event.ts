/** The inbox: an event is kept first, answered, and worked on after. */
import type { StripeEventNotice } from '../../ports/stripe/port.ts'
import type { Deps } from '../deps.ts'
import { insertEvent } from './store.ts'

/** Harmless when repeated. @returns whether it is new */
export async function receiveEvent(
  { db }: Pick<Deps, 'db'>,
  event: StripeEventNotice,
  source: 'webhook' | 'listed',
): Promise<boolean> {
  const { id, type, isLive, createdAt, payload, customerId = null } = event
  return insertEvent(db, { eventId: id, type, isLive, createdAt, payload, customerId, source })
}
