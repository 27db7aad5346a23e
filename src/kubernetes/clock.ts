/**
 * Time, as everything in this room and in the operator's runtime takes it: injected, so that tests move it.
 * Two clocks on purpose: what people read comes from the wall, what is waited for and compared comes from a
 * clock that never jumps.
 */
export interface Clock {
  /** The wall's time, for stamps that people and other programs read. Never for durations. */
  now(): Date
  /** Milliseconds of a clock that only goes forward at one pace; its zero means nothing. */
  monotonicMs(): number
  /**
   * Calls back once after so many milliseconds, soon when the moment has passed already (a busy process looks
   * at it late); the returned function cancels it. Never throws.
   */
  after(milliseconds: number, callback: () => void): () => void
}

/** The machine's own clock. Its timers keep a process alive: an outage of the API server may leave nothing else. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(milliseconds, callback) {
    // Node writes a warning to the console for a negative number.
    const timer = setTimeout(callback, Math.max(0, milliseconds))
    return () => clearTimeout(timer)
  },
}

/**
 * Waits on the given clock.
 *
 * @throws the signal's reason as soon as it is aborted; the timer is gone then
 */
export async function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel()
      reject(signal?.reason as Error)
    }
    const cancel = clock.after(milliseconds, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** A random number from 0 up to 1, as Math.random; injected where waiting is jittered. */
export type Random = () => number
