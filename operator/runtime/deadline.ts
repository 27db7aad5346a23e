import type { Clock } from '../../src/kubernetes/clock.ts'
import { untilResolved } from '../../src/kubernetes/signals.ts'

/** Something took longer than it may. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError'
}

interface DeadlineOptions {
  /** What takes too long, for the message: a noun with its article. */
  what: string
  milliseconds: number
}

/** Holds pieces of work to their deadlines, one after another. */
export interface Deadlines {
  /** @returns a signal that is raised when time is up, or by the outer one */
  begin(options: DeadlineOptions): AbortSignal
  /** The piece of work is over. */
  end(): void
  /** Lets go of the outer signal. */
  close(): void
}

/**
 * A signal that nobody has raised serves for the next piece of work too: one that is made for each, and listens, costs as
 * much as a good part of a look at a deployment.
 *
 * @param outer raises it too
 */
export function successiveDeadlines(clock: Clock, outer?: AbortSignal): Deadlines {
  let controller = new AbortController()
  let cancel = (): void => undefined
  const onAbort = (): void => controller.abort(outer?.reason)
  outer?.addEventListener('abort', onAbort, { once: true })
  return {
    begin({ what, milliseconds }) {
      if (controller.signal.aborted) controller = new AbortController()
      if (outer?.aborted) onAbort()
      cancel = clock.after(milliseconds, () => {
        controller.abort(new DeadlineExceededError(`${what} took longer than ${milliseconds / 1000} s.`))
      })
      return controller.signal
    },
    end: () => cancel(),
    close: () => outer?.removeEventListener('abort', onAbort),
  }
}

/**
 * Waits for work no longer than so long, whatever it does about its signal.
 *
 * @throws {DeadlineExceededError} @throws the outer signal's reason
 */
export async function withDeadline<T>(
  { clock, signal, ...options }: DeadlineOptions & { clock: Clock; signal?: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadlines = successiveDeadlines(clock, signal)
  const deadline = deadlines.begin(options)
  try {
    return await untilResolved(work(deadline), deadline)
  } finally {
    deadlines.end()
    deadlines.close()
  }
}
