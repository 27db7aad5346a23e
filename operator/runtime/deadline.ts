import type { Clock } from '../../src/kubernetes/clock.ts'
import { untilResolved } from '../../src/kubernetes/signals.ts'

interface DeadlineOptions {
  /** What takes too long, for the message: a noun with its article. */
  what: string
  milliseconds: number
  clock: Clock
  /** Ends it too. */
  signal?: AbortSignal
}

/** Something took longer than it may. */
class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError'
}

/** A signal that is raised by another one or when time is up; `end` lets go of both. */
export function deadlineSignal({ what, milliseconds, clock, signal }: DeadlineOptions): {
  signal: AbortSignal
  end: () => void
} {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal?.reason)
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  const cancel = clock.after(milliseconds, () => {
    controller.abort(new DeadlineExceededError(`${what} took longer than ${milliseconds / 1000} s.`))
  })
  return {
    signal: controller.signal,
    end() {
      cancel()
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

/**
 * Waits for work no longer than so long, whatever it does about its signal.
 *
 * @throws {DeadlineExceededError} @throws the outer signal's reason
 */
export async function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = deadlineSignal(options)
  try {
    return await untilResolved(work(deadline.signal), deadline.signal)
  } finally {
    deadline.end()
  }
}
