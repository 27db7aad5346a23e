/** The log of a deployment as a loop over lines, which a cut connection neither loses nor repeats. */
import { LOG_EVENTS, type LogQuery, type LogSourceEvent } from '../modules/logs/schema.ts'
import { ShipyardError } from './errors.ts'
import { eventsOf, type ServerSentEvent } from './event-parser.ts'

export type LogItem =
  | {
      readonly kind: 'line'
      readonly source: LogSourceEvent
      /** RFC 3339 with nanoseconds. */
      readonly at: string
      readonly text: string
    }
  /** So many lines are missing here: they came faster than they were read. */
  | { readonly kind: 'gap'; readonly source: LogSourceEvent; readonly lines: number }
  /** A container has no more; others may. */
  | { readonly kind: 'end'; readonly source: LogSourceEvent; readonly sentence: string }

export type FollowLogsOptions = Partial<Omit<LogQuery, 'service' | 'pod'>> & {
  readonly service?: string
  readonly pod?: string
  /** Ends the loop. */
  readonly signal?: AbortSignal
}

interface Connection {
  readonly url: string
  readonly fetch: typeof globalThis.fetch
  readonly headers: () => Readonly<Record<string, string>>
}

const RECONNECT_MS = 1_000

/** @throws {ShipyardError} when the server refuses it */
export async function* followLogs(
  connection: Connection,
  id: string,
  { signal, ...query }: FollowLogsOptions = {},
): AsyncGenerator<LogItem, void> {
  const seen = createSeen()
  const isOnce = query.follow === false || query.previous === true
  let lastId = ''
  do {
    try {
      for await (const event of open({ connection, id, query, lastId, signal })) {
        lastId = event.lastId
        yield* seen.items(event)
      }
    } catch (error) {
      if (isFinal(error)) throw error
      // The connection was cut: gone on with after a moment.
    }
    if (!isOnce) await pause(signal)
  } while (!isOnce && !signal?.aborted)
}

/** The server says no, and will again. */
const isFinal = (error: unknown): boolean => error instanceof ShipyardError && error.status < 500

const pause = async (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, RECONNECT_MS)
    const wake = (): void => {
      clearTimeout(timer)
      resolve()
    }
    if (signal?.aborted) wake()
    signal?.addEventListener('abort', wake, { once: true })
  })

interface Opening {
  connection: Connection
  id: string
  query: object
  lastId: string
  signal: AbortSignal | undefined
}

async function* open({
  connection,
  id,
  query,
  lastId,
  signal,
}: Opening): AsyncGenerator<ServerSentEvent, void> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value))
  const response = await connection.fetch(
    `${connection.url}/api/deployments/${encodeURIComponent(id)}/logs?${parameters.toString()}`,
    {
      headers: { ...connection.headers(), ...(lastId === '' ? {} : { 'last-event-id': lastId }) },
      ...(signal ? { signal } : {}),
    },
  )
  if (!response.ok || !response.body) throw await ShipyardError.of(response)
  yield* eventsOf(response.body)
}

/** Knows the sources of a connection, and what has been had of each before. */
function createSeen() {
  const sources = new Map<number, LogSourceEvent>()
  const last = new Map<string, { at: string; ordinal: number }>()
  const keyOf = ({ podUid, container, restart }: LogSourceEvent): string =>
    `${podUid}/${container}/${restart}`

  const isNew = (source: LogSourceEvent, at: string, ordinal: number): boolean => {
    const before = last.get(keyOf(source))
    if (before && (at < before.at || (at === before.at && ordinal <= before.ordinal))) return false
    last.set(keyOf(source), { at, ordinal })
    return true
  }

  return {
    *items({ name, data }: ServerSentEvent): Generator<LogItem, void> {
      if (name === 'source') {
        const source = LOG_EVENTS.source.parse(JSON.parse(data))
        sources.set(source.source, source)
      }
      if (name === 'lines') {
        const { source: number, lines } = LOG_EVENTS.lines.parse(JSON.parse(data))
        const source = sources.get(number)
        if (!source) return
        for (const [at, ordinal, text] of lines)
          if (isNew(source, at, ordinal)) yield { kind: 'line', source, at, text }
      }
      if (name === 'gap' || name === 'end') yield* notice(name, data)
    },
  }

  function* notice(name: 'gap' | 'end', data: string): Generator<LogItem, void> {
    const event = LOG_EVENTS[name].parse(JSON.parse(data))
    const source = sources.get(event.source)
    if (!source) return
    yield 'lines' in event
      ? { kind: 'gap', source, lines: event.lines }
      : { kind: 'end', source, sentence: event.sentence }
  }
}
