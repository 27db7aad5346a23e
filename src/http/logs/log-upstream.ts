/**
 * The log of one container: one connection to the cluster, however many look at it. Lines are gathered for a moment
 * and encoded once for all viewers.
 */
import { isAppError } from '../../errors.ts'
import type { LogEntry, LogSourceEvent } from '../../modules/deployments/schema.ts'
import type { KubePort, LogSource } from '../../ports/kube/port.ts'
import { linesFrame } from './log-frames.ts'
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
  readonly ended: string | undefined
  /** @returns how to stop listening */
  listen(listener: LogListener): () => void
  stop(): void
}

interface Options {
  readonly kube: KubePort
  readonly source: LogSource
  readonly announcement: LogSourceEvent
  /** Hears of what nobody expected. */
  readonly onTrouble: (error: unknown) => void
}

const GATHER_MS = 50
const GATHER_CHARACTERS = 64 * 1024
/** Lines of the past that are read at first. */
const PAST_LINES = 5_000
const RING = { lines: 20_000, characters: 4 * 1024 * 1024 }
/** The past comes in one go: after a pause of this length it is over, and after the longest wait in any case. */
const PAUSE_MS = 150
const LONGEST_PRIMING_MS = 1_500

export function followContainer({ kube, source, announcement, onTrouble }: Options): LogUpstream {
  const stopping = new AbortController()
  const listeners = new Set<LogListener>()
  const ring = createLogRing(RING)
  const number = announcement.source
  let gathered: LogEntry[] = []
  let characters = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended: string | undefined
  const priming = createPriming()

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (gathered.length === 0) return
    const lines = gathered
    gathered = []
    characters = 0
    ring.add(lines)
    if (listeners.size === 0) return
    const frame = linesFrame(number, lines)
    for (const listener of listeners) listener.onLines(number, frame, lines.length)
  }

  const take = (line: LogEntry): void => {
    gathered.push(line)
    characters += line[2].length
    if (characters >= GATHER_CHARACTERS) flush()
    else timer ??= setTimeout(flush, GATHER_MS)
  }

  const read = async (): Promise<string> => {
    const options = { tailLines: PAST_LINES, signal: stopping.signal }
    for await (const batch of kube.followLog(source, options)) {
      for (const { timestamp, ordinal, text } of batch) take([timestamp, ordinal, text])
      priming.heard()
    }
    return 'The container has ended.'
  }

  const run = async (): Promise<void> => {
    const sentence = await read().catch(reasonOf)
    flush()
    ended = sentence
    priming.over()
    for (const listener of listeners) listener.onEnd(number, sentence)
  }

  const reasonOf = (error: unknown): string => {
    if (!stopping.signal.aborted && !isAppError(error, 'NOT_FOUND', 'CLUSTER_UNAVAILABLE')) onTrouble(error)
    return isAppError(error, 'NOT_FOUND') ? 'The container is gone.' : 'The log cannot be read at the moment.'
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
      flush()
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop() {
      clearTimeout(timer)
      priming.over()
      stopping.abort()
    },
  }
}

/** Notices when the past has been read: the first pause. */
function createPriming(): { done: Promise<void>; heard(): void; over(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let pause = setTimeout(resolve, LONGEST_PRIMING_MS)
  const longest = setTimeout(resolve, LONGEST_PRIMING_MS)
  return {
    done: promise,
    heard() {
      clearTimeout(pause)
      pause = setTimeout(resolve, PAUSE_MS)
    },
    over() {
      clearTimeout(pause)
      clearTimeout(longest)
      resolve()
    },
  }
}
