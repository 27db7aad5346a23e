import { EventEmitter, once } from 'node:events'
import { fail } from '../../errors.ts'
import type { FollowLogOptions, LogLine, LogSource } from './port.ts'

interface Log {
  readonly lines: LogLine[]
  readonly news: EventEmitter
  hasEnded: boolean
}

/** The logs of the containers of a fake cluster. */
export class FakeLogs {
  readonly #logs = new Map<string, Log>()

  write(source: LogSource, { timestamp, text }: Omit<LogLine, 'ordinal'>): void {
    const log = this.#open(source)
    const ordinal = log.lines.filter((line) => line.timestamp === timestamp).length
    log.lines.push({ timestamp, ordinal, text })
    log.news.emit('news')
  }

  end(source: LogSource): void {
    const log = this.#open(source)
    log.hasEnded = true
    log.news.emit('news')
  }

  async *follow(
    source: LogSource,
    { tailLines, sinceTime, limitBytes = Infinity, once: isOnce, signal }: FollowLogOptions,
    reach: () => void,
  ): AsyncGenerator<readonly LogLine[], void, undefined> {
    signal.throwIfAborted()
    reach()
    const log = this.#logs.get(keyOf(source))
    if (!log) fail('NOT_FOUND', { what: 'log' })
    // Whole seconds, as the API server knows them.
    const since = log.lines.findIndex(
      ({ timestamp }) => timestamp.slice(0, 19) >= (sinceTime ?? '').slice(0, 19),
    )
    const tail = tailLines === undefined ? 0 : log.lines.length - tailLines
    let bytesLeft = limitBytes
    for (let next = Math.max(since === -1 ? log.lines.length : since, tail, 0); ;) {
      if (bytesLeft <= 0) return
      const fresh = log.lines.slice(next)
      next += fresh.length
      bytesLeft -= fresh.reduce((sum, { text }) => sum + text.length + 1, 0)
      if (fresh.length > 0) yield fresh
      else if (isOnce || log.hasEnded) return
      else await once(log.news, 'news', { signal }).catch(() => signal.throwIfAborted())
    }
  }

  #open(source: LogSource): Log {
    const found = this.#logs.get(keyOf(source))
    if (found) return found
    const made: Log = { lines: [], news: new EventEmitter().setMaxListeners(0), hasEnded: false }
    this.#logs.set(keyOf(source), made)
    return made
  }
}

const keyOf = ({ namespace, pod, container }: LogSource): string => `${namespace}/${pod}/${container}`
