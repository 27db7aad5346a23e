import type { Clock } from './clock.ts'
import { KubeError } from './kube-error.ts'

interface SilenceOptions {
  /** The request, for the message. */
  what: string
  clock: Clock
  inactivityMs: number
  signal: AbortSignal
  /** Told whenever anything arrives. */
  onContact: () => void
}

export interface SilenceGuard {
  /** For the request: the caller's signal, or too long a silence. */
  readonly signal: AbortSignal
  /** The same bytes; each chunk counts as something heard. */
  tap(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined>
  heard(): void
  /** The request is over. */
  end(): void
}

/**
 * Ends a request when nothing was heard for too long: a half-open connection never ends by itself. The request then
 * fails with a {@link KubeError} of status 0 and reason `Silent`.
 */
export function guardAgainstSilence({
  what,
  clock,
  inactivityMs,
  signal,
  onContact,
}: SilenceOptions): SilenceGuard {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal.reason)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })

  let heardAt = clock.monotonicMs()
  let cancel = (): void => {}
  // One timer for many chunks: it looks how long ago the last one was, and sleeps for the rest.
  const sleepFor = (milliseconds: number): void => {
    cancel = clock.after(milliseconds, () => {
      const left = heardAt + inactivityMs - clock.monotonicMs()
      if (left > 0) sleepFor(left)
      else controller.abort(silent(what, inactivityMs))
    })
  }
  sleepFor(inactivityMs)

  const heard = (): void => {
    heardAt = clock.monotonicMs()
    onContact()
  }
  return {
    signal: controller.signal,
    heard,
    async *tap(body) {
      for await (const chunk of body) {
        heard()
        yield chunk
      }
    },
    end() {
      cancel()
      signal.removeEventListener('abort', onAbort)
    },
  }
}

function silent(what: string, inactivityMs: number): KubeError {
  return new KubeError({
    status: 0,
    reason: 'Silent',
    message: `${what} said nothing for ${inactivityMs / 1000} s.`,
  })
}
