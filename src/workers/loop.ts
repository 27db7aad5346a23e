/**
 * A loop that keeps something true. It is woken by a poke or a period and takes no payload: it reads the state, makes
 * it true, and says how much it had to correct. It has no retry of its own, for the next period is the retry, and
 * the same way is gone at the first start, after a change and after a crash.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'

export interface LoopOptions {
  /** A verb: `push-custom-resources`. */
  readonly name: string
  readonly periodMs: number
  /** For so long after a run no poke is heeded, so that what comes by the hundred is worked on together; default 0. */
  readonly restMs?: number
  /** Makes it true. @returns how many corrections there were */
  readonly work: (signal: AbortSignal) => Promise<number>
  readonly log: Pick<Logger, 'error' | 'warn' | 'debug'>
  /** For metrics. */
  readonly onRun?: (run: Run) => void
}

export interface Run {
  readonly name: string
  readonly milliseconds: number
  readonly corrections: number
  readonly isFailed: boolean
}

export interface Loop {
  readonly name: string
  /** Run soon; many pokes make one run, and a poke during a run makes another one after it. */
  poke(): void
  start(): void
  /** Ends after the run under way, which is told by its signal. */
  stop(): Promise<void>
}

export function createLoop({ name, periodMs, restMs = 0, work, log, onRun }: LoopOptions): Loop {
  const stopping = new AbortController()
  let isPoked = false
  let wake: () => void = () => undefined
  let running: Promise<void> | undefined

  const runOnce = async (): Promise<void> => {
    const startedAt = performance.now()
    let corrections = 0
    let isFailed = false
    try {
      corrections = await work(stopping.signal)
    } catch (error) {
      isFailed = true
      // Whatever it was, the next run begins anew from what is there.
      if (!stopping.signal.aborted) log.error({ err: error, loop: name }, 'a loop failed; it runs again')
    }
    onRun?.({ name, milliseconds: performance.now() - startedAt, corrections, isFailed })
  }

  const pause = async (): Promise<void> => {
    if (isPoked || stopping.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, jittered(periodMs))
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const rest = async (): Promise<void> => {
    if (restMs > 0) await delay(restMs, undefined, { signal: stopping.signal }).catch(() => undefined)
  }

  const runForEver = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      isPoked = false
      await runOnce()
      await rest()
      await pause()
    }
  }

  return {
    name,
    poke() {
      isPoked = true
      wake()
    },
    start: () => void (running ??= runForEver()),
    async stop() {
      stopping.abort()
      wake()
      await running
    },
  }
}

/** Replicas that were started together do not stay in step. */
const jittered = (milliseconds: number): number => milliseconds * (0.9 + Math.random() * 0.2)
