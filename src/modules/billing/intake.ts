/**
 * Takes events as they come, one request each. Stripe sends hundreds a second when it catches up, and each statement of
 * its own costs a place in the pool and a flush to disk that everybody waits for: so those that come while a statement is
 * under way go in with the next one.
 */
import { isAppError } from '../../errors.ts'
import type { StripeEventNotice } from '../../ports/stripe/port.ts'
import type { Deps } from '../deps.ts'
import { receiveEvents } from './receive-events.ts'

type Needed = Pick<Deps, 'db' | 'inbox'>

/** Answers when the event is kept, however often it came. @throws what kept it from being */
export type Intake = (event: StripeEventNotice) => Promise<void>

interface Arrived {
  readonly event: StripeEventNotice
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** They may have a quarter of a megabyte each. */
const MOST_AT_ONCE = 50

export function createIntake(deps: Needed): Intake {
  const waiting: Arrived[] = []
  let isUnderWay = false

  const keepAll = async (): Promise<void> => {
    if (isUnderWay) return
    isUnderWay = true
    while (waiting.length > 0) await keep(deps, waiting.splice(0, MOST_AT_ONCE))
    isUnderWay = false
  }

  return async (event) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waiting.push({ event, resolve, reject })
    void keepAll()
    return promise
  }
}

/** Never throws: each is told its own. */
async function keep(deps: Needed, arrived: readonly Arrived[]): Promise<void> {
  try {
    const events = arrived.map(({ event }) => event)
    if ((await receiveEvents(deps, events, 'webhook')) > 0) deps.inbox.poke()
    for (const { resolve } of arrived) resolve()
  } catch (error) {
    if (arrived.length === 1 || isAppError(error, 'DATABASE_UNAVAILABLE')) {
      for (const { reject } of arrived) reject(error)
      return
    }
    // One that cannot be kept takes no other with it.
    for (const each of arrived) await keep(deps, [each])
  }
}
