/**
 * Has services run what the tag that they follow means: asks registries at a slow pace, and makes a revision where a
 * tag has moved. What a process leaves that dies, the next run of any other finishes.
 */
import type { Logger } from 'pino'

import { askRegistries } from '../modules/follows/ask-registries.ts'
import { moveImages } from '../modules/follows/move-images.ts'
import type { Deps } from '../modules/deps.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

type Needed = Pick<Deps, 'db' | 'registry' | 'settings' | 'pushes' | 'changes'>

interface Options extends Pick<LoopOptions, 'onRun'> {
  readonly log: LoopOptions['log'] & Pick<Logger, 'warn'>
  readonly deps: Needed
  /** Names this process among all that claim. */
  readonly worker: string
}

/** Each tag has a pace of its own; this is how soon one that is due is seen. */
const PERIOD_MS = 5_000

export function watchImages({ deps, worker, ...rest }: Options): Loop {
  const work = async (signal: AbortSignal): Promise<number> => {
    await askRegistries(deps, { worker, signal })
    return moveImages(deps, {
      signal,
      onFailure: (error, { deploymentId, service }) =>
        rest.log.warn(
          { err: error, deployment: deploymentId, service },
          'a followed image was not deployed; it is tried again',
        ),
    })
  }
  return createLoop({ name: 'watch-images', periodMs: PERIOD_MS, work, ...rest })
}
