import type { Clock } from './clock.ts'
import { NotSentError } from './http-client.ts'
import { KubeError } from './kube-error.ts'

/** Watches over one call: its time-out and its caller's signal, as one signal, and errors in our own words. */
export interface CallDeadline {
  /** Raised by the caller's signal or when the time is up. */
  readonly signal: AbortSignal
  /**
   * Waits for a part of the call, no longer than the deadline, whatever that part does about the signal.
   *
   * @throws {KubeError} time-out or failed connection; the caller's reason when the caller aborted
   */
  guard<T>(part: Promise<T>): Promise<T>
  /** What an error of the connection means to the caller. */
  explain(error: unknown): unknown
  /** No time-out from here on; the caller's signal still counts. */
  lift(): void
  /** The call is over: nothing listens to the caller's signal any more. */
  release(): void
}

interface DeadlineOptions {
  /** The call, for messages: `GET /api/v1/pods`. */
  what: string
  clock: Clock
  signal: AbortSignal | undefined
  timeoutMs: number
}

export function callDeadline({ what, clock, signal: caller, timeoutMs }: DeadlineOptions): CallDeadline {
  // Not AbortSignal.any, which keeps what it combined for as long as the caller's signal lives.
  const controller = new AbortController()
  const onCallerAbort = (): void => controller.abort(caller?.reason)
  if (caller?.aborted) controller.abort(caller.reason)
  else caller?.addEventListener('abort', onCallerAbort, { once: true })

  const message = `${what} was not answered within ${timeoutMs / 1000} s.`
  const lift = clock.after(timeoutMs, () => {
    controller.abort(new KubeError({ status: 0, reason: 'Timeout', message }))
  })

  const explain = (error: unknown): unknown => {
    if (controller.signal.aborted) return controller.signal.reason
    if (error instanceof NotSentError) return error.cause
    if (error instanceof KubeError || !(error instanceof Error)) return error
    return new KubeError({
      status: 0,
      reason: 'ConnectionFailed',
      message: `${what} failed: ${error.message === '' ? error.name : error.message}`,
      cause: error,
    })
  }
  const release = (): void => {
    lift()
    caller?.removeEventListener('abort', onCallerAbort)
  }

  return {
    signal: controller.signal,
    async guard(part) {
      let stop = (): void => {}
      const aborted = new Promise<never>((_, reject) => {
        const onAbort = (): void => reject(controller.signal.reason as Error)
        stop = () => controller.signal.removeEventListener('abort', onAbort)
        if (controller.signal.aborted) onAbort()
        else controller.signal.addEventListener('abort', onAbort, { once: true })
      })
      try {
        return await Promise.race([part, aborted])
      } catch (error) {
        throw explain(error)
      } finally {
        stop()
      }
    },
    explain,
    lift,
    release,
  }
}
