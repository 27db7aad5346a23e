/** Asks again, while a stream is open, whether its reader may still read it. */
import { isAppError } from '../../errors.ts'
import type { RightsChanges, Whom } from './rights-changes.ts'

/** What a stream is opened with. */
export interface Guard {
  readonly whom: Whom
  /** @throws {AppError} when the right is lost, or the session has ended */
  readonly recheck: () => Promise<void>
}

interface Options extends Guard {
  readonly rights: RightsChanges
  /** Once, with the error that says why: the stream is to end. */
  readonly onRefused: (error: unknown) => void
  /** It could not be asked; it is asked again soon. */
  readonly onTrouble?: (error: unknown) => void
}

/** Where no word of other servers is heard, a right that was lost is found out after so long. */
const UNHEARD_MS = 2_000
/** A net under the words, and for what ends by its time: every so many of those. */
const NET_TICKS = 5

/** @returns how to stop */
export function keepChecking({ whom, recheck, rights, onRefused, onTrouble }: Options): () => void {
  let isStopped = false
  let isAsking = false
  let isDoubted = true
  let ticks = 0

  const ask = async (): Promise<void> => {
    if (isAsking || isStopped) return
    isAsking = true
    while (isDoubted && !isStopped) {
      isDoubted = false
      const error = await recheck().then(noError, (reason: unknown) => reason)
      if (error === undefined || isStopped) continue
      if (isRefusal(error)) {
        stop()
        onRefused(error)
      } else {
        // What is away takes nobody's right: the next tick asks again.
        onTrouble?.(error)
        ticks = 0
        break
      }
    }
    isAsking = false
  }
  const doubt = (): void => {
    isDoubted = true
    void ask()
  }
  // The first tick asks in any case: a word between the beginning of the request and now went by unheard.
  const timer = setInterval(() => {
    if (ticks++ % NET_TICKS === 0 || !rights.isHeard) doubt()
  }, UNHEARD_MS)
  const unwatch = rights.watch(whom, doubt)

  function stop(): void {
    isStopped = true
    clearInterval(timer)
    unwatch()
  }
  return stop
}

/** Whatever says that the caller may not, or is nobody, and not that something is away. */
const isRefusal = (error: unknown): boolean => isAppError(error) && [401, 403, 404].includes(error.status)

const noError = (): undefined => undefined
