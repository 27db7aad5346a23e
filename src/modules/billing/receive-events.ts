/** The inbox: an event is kept first, answered, and worked on after. */
import type { StripeEventNotice } from '../../ports/stripe/port.ts'
import type { Deps } from '../deps.ts'
import { insertEvents } from './store.ts'

/** Harmless when repeated. @returns how many are new */
export async function receiveEvents(
  { db }: Pick<Deps, 'db'>,
  events: readonly StripeEventNotice[],
  source: 'webhook' | 'listed',
): Promise<number> {
  return events.length === 0 ? 0 : insertEvents(db, { events: [...events], source })
}
