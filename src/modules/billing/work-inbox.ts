/**
 * Works on the events of the inbox: each says only that something happened to a customer, so each customer is asked for
 * once, however many events there are (docs/decisions/045). At least once: what a process leaves that dies, another does.
 */
import { isAppError } from '../../errors.ts'
import { pauseAfter, wordsOf } from '../outbox/deliver-effects.ts'
import { foldCustomer, type Needed } from './fold-customer.ts'
import type { EventOutcome } from '../stripe-inbox/schema.ts'
import { claimEventRows, finishEvents, postponeEvents, type ClaimedEvent } from './store.ts'

export interface Working {
  /** Names this process among all that claim. */
  readonly worker: string
  readonly signal: AbortSignal
  readonly onFailure: (error: unknown, customerId: string) => void
}

/**
 * The more at once, the fewer customers are asked for twice. Where each is another one and Stripe takes a second to answer,
 * the lease may end before they are through: another server then asks for the same, which is no matter.
 */
const CLAIMED = 500
const AT_ONCE = 4
const LEASE_SECONDS = 60
/** Who has paid does not wait for longer after Stripe has come back. */
const LONGEST_PAUSE_SECONDS = 30

/** All that is due when it is asked for. @returns how many events were worked on */
export async function workInbox(deps: Needed, working: Working): Promise<number> {
  const { worker, signal } = working
  let done = 0
  while (!signal.aborted) {
    const claim = { worker, limit: CLAIMED, leaseSeconds: LEASE_SECONDS }
    const events = await claimEventRows(deps.db, claim)
    done += await workOn(deps, working, events)
    // What came meanwhile has poked.
    if (events.length < CLAIMED) break
  }
  return done
}

/** Of one customer, or of none. */
interface Batch {
  readonly customerId: string
  readonly events: readonly ClaimedEvent[]
}

async function workOn(deps: Needed, working: Working, events: readonly ClaimedEvent[]): Promise<number> {
  const { worker } = working
  const idle = Map.groupBy(events, idleOutcome)
  for (const [outcome, some] of idle) {
    if (outcome) await finishEvents(deps.db, { eventIds: idsOf(some), worker, outcome })
  }
  const byCustomer = Map.groupBy(idle.get(undefined) ?? [], ({ customerId }) => customerId ?? '')
  const batches = [...byCustomer].map(([customerId, some]): Batch => ({ customerId, events: some }))
  const away = new AbortController()
  const hands = Array.from({ length: AT_ONCE }, async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift())
      await fold(deps, { working, away }, batch)
  })
  await Promise.all(hands)
  return events.length
}

const idsOf = (events: readonly ClaimedEvent[]): string[] => events.map(({ id }) => id)

/** What a subscription, its invoices, and the pages where it is bought are told about by. */
const TELLING = /^(?:customer|invoice|checkout\.session)\./

/** Of an event that changes nothing here. */
function idleOutcome({ type, customerId }: ClaimedEvent): EventOutcome | undefined {
  if (!TELLING.test(type)) return 'unknown_type'
  return customerId === null ? 'no_customer' : undefined
}

interface Round {
  readonly working: Working
  /** Raised when Stripe does not answer: the rest of the round waits for the next one. */
  readonly away: AbortController
}

async function fold(deps: Needed, { working, away }: Round, { customerId, events }: Batch): Promise<void> {
  const { worker, signal, onFailure } = working
  const eventIds = idsOf(events)
  try {
    away.signal.throwIfAborted()
    const outcome = await foldCustomer(deps, customerId)
    // What was asked for later than these events came is written already.
    const said = outcome === 'overtaken' ? 'folded' : outcome
    await finishEvents(deps.db, { eventIds, worker, outcome: said })
  } catch (error) {
    // Its claim ends by itself: what was cut off by our own going down says nothing of Stripe.
    if (signal.aborted) return
    if (!away.signal.aborted) onFailure(error, customerId)
    if (isAppError(error, 'STRIPE_UNAVAILABLE')) away.abort(error)
    const attempts = Math.min(...events.map((each) => each.attempts))
    const retrySeconds = Math.min(pauseAfter(attempts), LONGEST_PAUSE_SECONDS)
    await postponeEvents(deps.db, { eventIds, worker, error: wordsOf(error), retrySeconds })
  }
}
