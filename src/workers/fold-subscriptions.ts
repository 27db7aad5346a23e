/** Keeps organisations as Stripe says of them: works on events as they come. */
import { withStripe } from '../modules/billing/fold-customer.ts'
import { workInbox } from '../modules/billing/work-inbox.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Deps, 'db' | 'mail' | 'clock' | 'settings' | 'pushes' | 'effects' | 'stripe'>
  /** Names this process among all that claim. */
  readonly worker: string
}

/** For what no poke tells: events that other servers received, and back-offs that are over. */
const PERIOD_MS = 5_000
/** A purchase is told by half a dozen events within a second, and a customer is asked for once for all that wait. */
const REST_MS = 500

export function foldSubscriptions({ deps, worker, ...rest }: Options): Loop {
  const work = async (signal: AbortSignal): Promise<number> => {
    const paid = withStripe(deps)
    if (!paid) return 0
    const onFailure = (error: unknown, customer: string): void =>
      rest.log.warn(
        { err: error, customer },
        'a customer of Stripe’s was not brought here; it is tried again',
      )
    return workInbox(paid, { worker, signal, onFailure })
  }
  return createLoop({ name: 'fold-subscriptions', periodMs: PERIOD_MS, restMs: REST_MS, work, ...rest })
}
