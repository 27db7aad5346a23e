/**
 * Applies prisma/migrations at start-up. It keeps Prisma's own table (`_prisma_migrations`) and takes Prisma's own
 * advisory lock, so that `prisma migrate` sees the same history and never runs at the same time.
 *
 * Unlike Prisma's, a migration and its row in that table are one transaction: one that fails, or whose process is
 * killed, leaves nothing behind and is tried again at the next start. (So none may hold what PostgreSQL refuses in
 * a transaction, as CREATE INDEX CONCURRENTLY.)
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'

import { translateError } from './errors.ts'
import { migrationsFolder, readMigrations, type Migration } from './migration-files.ts'

export interface MigrateOptions {
  readonly dsn: string
  /** Default: the migrations of this installation. */
  readonly folder?: string
  readonly connectTimeoutMs?: number
  /** How long one waits for another process that migrates; default a minute. */
  readonly lockTimeoutMs?: number
}

export interface MigrateResult {
  /** Names of the migrations that were applied now. */
  readonly applied: readonly string[]
  /** Applied to this database by a newer release; it is the newer release's to be compatible. */
  readonly unknown: readonly string[]
}

/** The database cannot be brought to this release's tables; the message is for people and says what to do. */
class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

/** Prisma's own (`schema-engine`, PostgreSQL flavour). */
const PRISMA_LOCK = 72_707_369

/** As Prisma makes it. */
const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
)`

interface HistoryRow {
  readonly name: string
  readonly checksum: string
  readonly isFinished: boolean
}

/**
 * Brings a database to this release. Of many processes that call it at the same time one works and the others
 * wait; then they find nothing to do.
 *
 * @throws MigrationError with one sentence for people, or DATABASE_UNAVAILABLE
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const migrations = readMigrations(options.folder ?? migrationsFolder)
  return withClient(options, async (client) => {
    await takeLock(client, options.lockTimeoutMs ?? 60_000)
    await client.query(TABLE)
    const { pending, unknown } = compare(migrations, await readHistory(client))
    for (const migration of pending) await apply(client, migration)
    return { applied: pending.map(({ name }) => name), unknown }
  })
}

/**
 * For a server that is not to migrate by itself: refuses a database that lacks migrations of this release. Nothing is
 * changed.
 *
 * @throws MigrationError that names them, or DATABASE_UNAVAILABLE
 */
export async function assertMigrated(options: MigrateOptions): Promise<void> {
  const migrations = readMigrations(options.folder ?? migrationsFolder)
  const pending = await withClient(options, async (client) => {
    const { rows } = await client.query<{ table: string | null }>(
      `SELECT to_regclass('_prisma_migrations')::text AS table`,
    )
    const history = rows[0]?.table ? await readHistory(client) : []
    return compare(migrations, history).pending.map(({ name }) => name)
  })
  if (pending.length === 0) return
  throw new MigrationError(
    `The database lacks ${pending.join(', ')}, and AUTO_MIGRATE is false: start the server once with --migrate-only, then again.`,
  )
}

/** One connection, which holds the lock; closing it frees the lock, however this ends. */
async function withClient<T>(options: MigrateOptions, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: options.dsn,
    application_name: 'shipyard-migrate',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    keepAlive: true,
  })
  let lost: Error | undefined
  client.on('error', (error) => (lost = error))
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    throw error instanceof MigrationError ? error : translateError(lost ?? error)
  } finally {
    await client.end()
  }
}

async function takeLock(client: pg.Client, timeoutMs: number): Promise<void> {
  await client.query(`SELECT set_config('lock_timeout', $1, false)`, [`${timeoutMs}ms`])
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK])
  } catch (error) {
    if (!hasCode(error, LOCK_NOT_AVAILABLE)) throw error
    const seconds = Math.round(timeoutMs / 1000)
    throw new MigrationError(
      `Another process has been migrating this database for more than ${seconds} s; look at that process, then start this one again.`,
      { cause: error },
    )
  }
}

const LOCK_NOT_AVAILABLE = '55P03'

async function readHistory(client: pg.Client): Promise<HistoryRow[]> {
  const { rows } = await client.query<HistoryRow>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  )
  return rows
}

/** Pure: what is to be done, or why nothing may be done. */
function compare(
  migrations: readonly Migration[],
  history: readonly HistoryRow[],
): { pending: Migration[]; unknown: string[] } {
  const halfDone = history.find((row) => !row.isFinished)
  if (halfDone) {
    throw new MigrationError(
      `The migration ${halfDone.name} was begun by \`prisma migrate\` and not finished; undo or complete by hand what it changed, then say so with \`prisma migrate resolve\`.`,
    )
  }
  const applied = new Map(history.map((row) => [row.name, row.checksum]))
  const edited = migrations.find(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum)
  if (edited) {
    throw new MigrationError(
      `The migration ${edited.name} was changed after it had been applied to this database; restore the file as it was, and put the change into a new migration.`,
    )
  }
  const known = new Set(migrations.map(({ name }) => name))
  return {
    pending: migrations.filter(({ name }) => !applied.has(name)),
    unknown: history.map(({ name }) => name).filter((name) => !known.has(name)),
  }
}

async function apply(client: pg.Client, { name, checksum, sql }: Migration): Promise<void> {
  await client.query('BEGIN')
  // Whatever waits for a lock on a table holds up everybody who comes after.
  await client.query(`SET LOCAL lock_timeout = '10s'`)
  try {
    // A text without parameters may hold many statements.
    await client.query(sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
       VALUES ($1, $2, clock_timestamp(), $3, 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.severity !== 'ERROR') throw error
    await client.query('ROLLBACK')
    throw new MigrationError(explain(name, sql, error), { cause: error })
  }
}

function explain(name: string, sql: string, error: pg.DatabaseError): string {
  if (error.code === LOCK_NOT_AVAILABLE) {
    return `The migration ${name} could not lock a table that is in use, and changed nothing; start again when there is less traffic.`
  }
  const line = error.position ? ` (line ${sql.slice(0, Number(error.position)).split('\n').length})` : ''
  return `The migration ${name} failed${line} and changed nothing: ${error.message}. Mend what it stumbles over, then start again.`
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof pg.DatabaseError && error.code === code
