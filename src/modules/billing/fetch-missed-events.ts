/**
 * Puts into the inbox what Stripe has listed and nobody has told: what happened while this server, or the way to it, was
 * away. What was told already is there, and stays as it is.
 */
import type { StripeEventNotice, StripePort } from '../../ports/stripe/port.ts'
import type { Deps } from '../deps.ts'
import { receiveEvents } from './receive-events.ts'
import { forgetOldEvents, listingSeenUntil, noteSeen } from './store.ts'

/** An event may be listed a little after others that are younger. */
const OVERLAP_MS = 15 * 60_000
const FIRST_LOOK_MS = 24 * 3_600_000
/** By how much our clock may be ahead of Stripe's: so far back it is sure what had been listed when a look began. */
const SKEW_MS = 3_600_000
const FORGET_SECONDS = 90 * 24 * 3600

/** Kept by one statement. */
const AT_ONCE = 100

type Needed = Pick<Deps, 'db' | 'clock'> & { readonly stripe: StripePort }

/** @returns how many were missing. @throws {AppError} STRIPE_UNAVAILABLE; what was read until then is kept */
export async function fetchMissedEvents(deps: Needed, signal: AbortSignal): Promise<number> {
  const { db, clock, stripe } = deps
  await forgetOldEvents(db, FORGET_SECONDS)
  const beganMs = clock.nowMs()
  const seen = (await listingSeenUntil(db)) ?? new Date(beganMs - FIRST_LOOK_MS)
  let missing = 0
  for await (const events of chunked(stripe.listEvents(new Date(seen.getTime() - OVERLAP_MS)))) {
    if (signal.aborted) return missing
    missing += await receiveEvents(deps, events, 'listed')
    // The oldest came first.
    const newest = events.at(-1)
    if (newest && newest.createdAt > seen) await noteSeen(db, newest.createdAt)
  }
  await noteSeen(db, new Date(Math.max(seen.getTime(), beganMs - SKEW_MS)))
  return missing
}

/** What was listed before the list breaks off is given too. */
async function* chunked(events: AsyncIterable<StripeEventNotice>): AsyncGenerator<StripeEventNotice[], void> {
  let chunk: StripeEventNotice[] = []
  try {
    for await (const event of events) {
      chunk.push(event)
      if (chunk.length < AT_ONCE) continue
      yield chunk
      chunk = []
    }
  } catch (error) {
    if (chunk.length > 0) yield chunk
    throw error
  }
  if (chunk.length > 0) yield chunk
}
