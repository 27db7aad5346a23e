/** Asks registries what followed tags mean now: each tag once, however many follow it, and seldom. */
import type { Deps } from '../deps.ts'
import { claimRows, forgetUnfollowed, markAsked, type ClaimedImage } from './store.ts'

type Needed = Pick<Deps, 'db' | 'registry' | 'settings'>

export interface Asking {
  /** Names this process among all that claim. */
  readonly worker: string
  readonly signal: AbortSignal
}

/** Tags that one process asks for at the same time. */
const AT_ONCE = 4
/** Longer than asking can last: the registry port gives up after five seconds. */
const LEASE_SECONDS = 30
/** In one run: what was found is acted upon before more is asked, also where registries are slow. */
const MOST_IN_A_RUN = 100
const LONGEST_PAUSE_SECONDS = 6 * 3600

/** Until nothing is due any more, or many were. @returns how many tags were asked for */
export async function askRegistries(deps: Needed, { worker, signal }: Asking): Promise<number> {
  await forgetUnfollowed(deps.db)
  let asked = 0
  while (!signal.aborted && asked < MOST_IN_A_RUN) {
    const images = await claimRows(deps.db, { worker, limit: AT_ONCE, leaseSeconds: LEASE_SECONDS })
    if (images.length === 0) break
    await Promise.all(images.map(async (claimed) => ask(deps, claimed, { worker, signal })))
    asked += images.length
  }
  return asked
}

async function ask(
  { db, registry, settings }: Needed,
  { image, attempts }: ClaimedImage,
  { worker, signal }: Asking,
): Promise<void> {
  const answer = await registry.resolve(image, { signal })
  // Its claim ends by itself: what was cut off by our own going down says nothing of the registry.
  if (signal.aborted) return
  const isFound = 'digest' in answer
  await markAsked(db, {
    image,
    worker,
    digest: isFound ? answer.digest : null,
    problem: isFound ? null : answer.unpinned,
    pauseSeconds: pauseAfter(settings.imageWatchSeconds, isFound ? 0 : attempts + 1),
  })
}

/**
 * Twice as long after each failure, and never at the same moment for all: what was switched on together does not stay
 * in step.
 *
 * @param failures in a row, this one included
 */
export function pauseAfter(seconds: number, failures: number): number {
  const pause = Math.min(seconds * 2 ** Math.min(failures, 20), Math.max(LONGEST_PAUSE_SECONDS, seconds))
  return pause * (0.9 + Math.random() * 0.2)
}
