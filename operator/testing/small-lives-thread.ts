/** Leads lives in a thread without the test runner, which wraps whatever a module takes from another. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import type { Lives } from './lead-small-lives.ts'
import type { Mishap } from './mishaps.ts'

/** Most of what a life needs is gone with it: the more fits in, the less is copied before. In MB. */
const YOUNG_GENERATION = 64

/**
 * @param signal ends it early
 * @returns the mishaps that there were
 * @throws {Error} of fast-check, with the life that ended otherwise
 */
export async function leadInThread(lives: Lives, signal: AbortSignal): Promise<Set<Mishap['type']>> {
  const thread = new Worker(new URL('lead-small-lives-alone.ts', import.meta.url), {
    workerData: lives,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  })
  try {
    const [met] = (await once(thread, 'message', { signal })) as [Set<Mishap['type']>]
    return met
  } finally {
    await thread.terminate()
  }
}
