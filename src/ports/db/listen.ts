/** Hears what PostgreSQL is told by NOTIFY, on a connection of its own that is made anew whenever it is lost. */
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

export interface Listener {
  readonly onNotice: (payload: string) => void
  /** From now on notices are heard; what was told before, perhaps not. Called after each connection. */
  readonly onConnected: () => void
  readonly onTrouble: (error: unknown) => void
}

export interface Listening {
  /** False while a lost connection is being made anew. */
  readonly isConnected: boolean
  stop(): Promise<void>
}

interface Options extends Listener {
  readonly dsn: string
  readonly channel: string
}

const CONNECT_MS = 5_000
/** How soon a connection that is dead without having been closed is found out. */
const HEARTBEAT_MS = 4_000
const HEARTBEAT_ANSWER_MS = 2_000
const PAUSE_MS = 250

export function listenOn(options: Options): Listening {
  const stopping = new AbortController()
  const state = { isConnected: false }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await listenOnce(options, state, stopping.signal)
      } catch (error) {
        if (!stopping.signal.aborted) options.onTrouble(error)
      }
      state.isConnected = false
      await pause(PAUSE_MS, stopping.signal)
    }
  }
  const running = run()
  return {
    get isConnected() {
      return state.isConnected
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Until the connection is lost, which is an error, or nobody listens any more. */
async function listenOnce(
  { dsn, channel, onNotice, onConnected }: Options,
  state: { isConnected: boolean },
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({
    connectionString: dsn,
    application_name: 'shipyard-listener',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: HEARTBEAT_ANSWER_MS,
    keepAlive: true,
  })
  const ending = new AbortController()
  const lost = (): void => ending.abort()
  client.on('error', lost)
  client.on('end', lost)
  client.on('notification', ({ payload }) => onNotice(payload ?? ''))
  try {
    await client.connect()
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
    state.isConnected = true
    onConnected()
    const either = AbortSignal.any([signal, ending.signal])
    while (!either.aborted) {
      await pause(HEARTBEAT_MS, either)
      if (!either.aborted) await client.query('SELECT 1')
    }
    if (!signal.aborted) throw new Error('the connection that listens was lost')
  } finally {
    // Never waits for a server that does not answer.
    await Promise.race([
      client.end().catch(() => undefined),
      delay(HEARTBEAT_ANSWER_MS, undefined, { ref: false }),
    ])
  }
}

const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined)
