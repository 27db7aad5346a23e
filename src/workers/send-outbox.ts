/** Has the effects of the outbox happen. What a process leaves that dies, any other does. */
import type { Deps } from '../modules/deps.ts'
import { deliverEffects, type Deliveries } from '../modules/outbox/deliver-effects.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'onRun' | 'log'> {
  readonly deps: Pick<Deps, 'db'>
  readonly deliveries: Deliveries
  /** Names this process among all that claim. */
  readonly worker: string
}

const PERIOD_MS = 5_000

export function sendOutbox({ deps, deliveries, worker, ...rest }: Options): Loop {
  const work = async (signal: AbortSignal): Promise<number> =>
    deliverEffects(deps, deliveries, {
      worker,
      signal,
      onFailure: (error, { id, kind, attempts }, isFinal) =>
        rest.log.warn(
          { err: error, effect: id, kind, attempts },
          isFinal ? 'an effect is given up' : 'an effect did not happen; it is tried again',
        ),
    })
  return createLoop({ name: 'send-outbox', periodMs: PERIOD_MS, work, ...rest })
}
