/**
 * The log of one container: one connection to the cluster, however many look at it. Lines are gathered for a moment
 * and encoded once for all viewers.
 */
import { isAppError } from '../../errors.ts'
import type { LogEntry, LogSourceEvent } from '../../modules/logs/schema.ts'
import type { KubePort, LogSource } from '../../ports/kube/port.ts'
import { linesFrame } from './log-frames.ts'
import { gatherLines } from './log-gatherer.ts'
import { createPriming } from './log-priming.ts'
import { createLogRing, type LogRing } from './log-ring.ts'

/** Who is told; must not throw, and must not keep what it cannot send. */
export interface LogListener {
  /** A batch of so many lines as bytes. */
  onLines(source: number, frame: Buffer, count: number): void
  onEnd(source: number, sentence: string): void
}

export interface LogUpstream {
  readonly source: LogSource
  readonly announcement: LogSourceEvent
  readonly ring: LogRing
  /** The past has been read, as far as can be told: from then on lines are news. */
  readonly primed: Promise<void>
  /** Why it ended, once it has. */
  readonly ended: LogEnd | undefined
  /** @returns how to stop listening */
  listen(listener: LogListener): () => void
  stop(): void
}

/** `broken`: it could not be read, although it may be there. */
interface LogEnd {
  readonly kind: 'over' | 'gone' | 'broken'
  readonly sentence: string
}

interface Options {
  readonly kube: KubePort
  readonly source: LogSource
  readonly announcement: LogSourceEvent
  /** Hears of what nobody expected. */
  readonly onTrouble: (error: unknown) => void
}

/** Lines of the past that are read at first. */
const PAST_LINES = 5_000
const RING = { lines: 20_000, characters: 4 * 1024 * 1024 }

const OVER: LogEnd = { kind: 'over', sentence: 'The container has ended.' }
const GONE: LogEnd = { kind: 'gone', sentence: 'The container is gone.' }
const BROKEN: LogEnd = { kind: 'broken', sentence: 'The log cannot be read at the moment.' }

export function followContainer({ kube, source, announcement, onTrouble }: Options): LogUpstream {
  const stopping = new AbortController()
  const listeners = new Set<LogListener>()
  const ring = createLogRing(RING)
  const priming = createPriming()
  const number = announcement.source
  let ended: LogEnd | undefined

  const gatherer = gatherLines((lines: LogEntry[]) => {
    ring.add(lines)
    if (listeners.size === 0) return
    const frame = linesFrame(number, lines)
    for (const listener of listeners) listener.onLines(number, frame, lines.length)
  })

  const read = async (): Promise<LogEnd> => {
    const options = { tailLines: PAST_LINES, signal: stopping.signal }
    for await (const batch of kube.followLog(source, options)) {
      for (const { timestamp, ordinal, text } of batch) gatherer.add([timestamp, ordinal, text])
      priming.heard()
    }
    return OVER
  }

  const endOf = (error: unknown): LogEnd => {
    if (isAppError(error, 'NOT_FOUND')) return GONE
    if (!stopping.signal.aborted && !isAppError(error, 'CLUSTER_UNAVAILABLE')) onTrouble(error)
    return BROKEN
  }

  const run = async (): Promise<void> => {
    ended = await read().catch(endOf)
    gatherer.flush()
    priming.over()
    for (const listener of listeners) listener.onEnd(number, ended.sentence)
  }

  run().catch(onTrouble)
  return {
    source,
    announcement,
    ring,
    primed: priming.done,
    get ended() {
      return ended
    },
    listen(listener) {
      // What is being gathered goes to those who were there; it is in the ring for who comes now.
      gatherer.flush()
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop() {
      gatherer.stop()
      priming.over()
      stopping.abort()
    },
  }
}
