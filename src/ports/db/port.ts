/**
 * PostgreSQL, as the rest of the server sees it: typed statements for what is hot or must be exact, a narrow
 * Prisma client for everyday reads, and `withTx` for rare changes of people and grants. Only the modules'
 * store.ts (and the session port) use it.
 *
 * Keeps true: whatever goes wrong is an AppError (DATABASE_UNAVAILABLE when PostgreSQL cannot be reached or
 * does not answer in time) or a `ConstraintError` that names the violated constraint.
 */
import type { PrismaClient } from '../../../prisma/dist/client.ts'
import type { Listener, Listening } from './listen.ts'
import type { Statement } from './statement.ts'

/** Runs statements: on any connection of the pool, or inside one transaction. */
export interface Queries {
  /**
   * Everyday reads and simple writes. Raw SQL and transactions are left out: a statement has a file in
   * prisma/sql, and a transaction goes through `withTx`.
   */
  readonly prisma: NarrowPrisma
  /** All rows. */
  all<Params, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row[]>
  /** The only row, or undefined; more than one is a mistake in the statement and an error. */
  first<Params, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row | undefined>
  /** The row of a statement that always answers with exactly one. */
  one<Params, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row>
}

export interface Db extends Queries {
  /**
   * One serializable transaction, for rare changes of people and grants; never on the hot path. Repeated from
   * the beginning when PostgreSQL refuses it because of a concurrent one, so `work` must not have effects
   * elsewhere.
   */
  withTx<T>(work: (tx: Queries) => Promise<T>): Promise<T>
  /** Hears what is told on a channel by NOTIFY, until it is stopped; a lost connection is made anew. */
  listen(channel: string, listener: Listener): Listening
  /** Answers when a connection answers. @throws DATABASE_UNAVAILABLE */
  ping(): Promise<void>
  /** Lets running statements end and closes all connections. */
  close(): Promise<void>
}

type NarrowPrisma = Omit<PrismaClient, `$${string}`>
