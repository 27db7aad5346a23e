/** Looks through Stripe's own list for events that nobody told us. */
import { isAppError } from '../errors.ts'
import { fetchMissedEvents as fetchMissed } from '../modules/billing/fetch-missed-events.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'clock' | 'stripe' | 'inbox'>
}

/** Also the first thing after a start: that is how an outage ends. */
const PERIOD_MS = 60_000

export function fetchMissedEvents({ deps, ...rest }: Options): Loop {
  const work = async (signal: AbortSignal): Promise<number> => {
    const { stripe } = deps
    if (!stripe) return 0
    try {
      const missing = await fetchMissed({ ...deps, stripe }, signal)
      if (missing > 0) deps.inbox.poke()
      return missing
    } catch (error) {
      if (!isAppError(error, 'STRIPE_UNAVAILABLE')) throw error
      rest.log.warn({ err: error }, 'Stripe cannot be reached; its events are listed later')
      return 0
    }
  }
  return createLoop({ name: 'fetch-missed-events', periodMs: PERIOD_MS, work, ...rest })
}
