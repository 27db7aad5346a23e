/** The connections: one pool, shared by the typed statements and Prisma's adapter. */
import pg from 'pg'

import { orderlyClient } from './orderly-client.ts'

export interface PoolOptions {
  readonly dsn: string
  /** At most so many connections; default 10. */
  readonly maxConnections?: number
  /** How long one waits for a connection, queueing included; default 5 s. */
  readonly connectTimeoutMs?: number
  /** After so long PostgreSQL gives up a statement; default 10 s. */
  readonly statementTimeoutMs?: number
  /** Hears of each statement as it is sent, Prisma's and those of transactions included; for counting. */
  readonly onStatement?: (text: string) => void
  /** Hears why an idle connection was lost; the pool makes a new one by itself. */
  readonly onLostConnection?: (error: Error) => void
}

export function openPool(options: PoolOptions): pg.Pool {
  const { connectTimeoutMs = 5_000, statementTimeoutMs = 10_000 } = options
  const setup = sessionSetup(statementTimeoutMs)
  // The pool waits for the promise, which its types do not know.
  const setUp = (client: pg.ClientBase): unknown => client.query(setup)
  const pool = new pg.Pool({
    connectionString: options.dsn,
    application_name: 'shipyard',
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // PostgreSQL gives up first; this is for a server that does not answer at all.
    query_timeout: statementTimeoutMs + 2_000,
    onConnect: setUp,
    Client: orderlyClient((text) => {
      if (text !== setup) options.onStatement?.(text)
    }),
  })
  pool.on('error', (error) => options.onLostConnection?.(error))
  return pool
}

/**
 * UTC, because Prisma's adapter writes and reads stamps without a zone. A transaction that its client has
 * forgotten is ended by PostgreSQL: were it ended from here while its COMMIT is under way, Prisma would give the
 * connection back twice (prisma/prisma 29952).
 */
function sessionSetup(statementTimeoutMs: number): string {
  const settings = {
    timezone: 'UTC',
    statement_timeout: `${statementTimeoutMs}ms`,
    idle_in_transaction_session_timeout: `${2 * statementTimeoutMs}ms`,
  }
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`)
  return `SELECT ${calls.join(', ')}`
}

/** Runs one query on a connection of its own, and gives the connection back unless it is broken. */
export async function queryPool(pool: pg.Pool, query: pg.QueryArrayConfig): Promise<unknown[][]> {
  const client = await pool.connect()
  let broken: Error | undefined
  const onError = (error: Error): void => {
    broken = error
  }
  client.on('error', onError)
  try {
    const { rows } = await client.query<unknown[]>(query)
    return rows
  } catch (error) {
    if (!isAnswer(error)) broken = error as Error
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** An answer of PostgreSQL to this statement alone (pg's own `pool.query` gives the connection up for it too). */
const isAnswer = (error: unknown): boolean => error instanceof pg.DatabaseError && error.severity === 'ERROR'
