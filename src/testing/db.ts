/** A database of its own for each file of tests, cloned from a migrated one; for projects whose stack has PostgreSQL. */
import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'

import { migrate } from '../ports/db/migrate.ts'
import { migrationsFolder, readMigrations } from '../ports/db/migration-files.ts'
import { connectDb, type DbOptions } from '../ports/db/postgres.ts'
import type { Db } from '../ports/db/port.ts'
import { seedPlans } from '../ports/db/seed-plans.ts'

export interface TestDb {
  readonly db: Db
  readonly dsn: string
  /** The SQL statements that `work` sends, transactions and Prisma's included. */
  statementsOf(work: () => Promise<unknown>): Promise<readonly string[]>
  /** A second server's view of the same database; closed with the first. */
  connectAgain(options?: Partial<DbOptions>): Db
}

/** Call it at the top of a file; the database is there from `beforeAll` on. */
export function useTestDb(): TestDb {
  const sent: string[] = []
  const more: Db[] = []
  let dsn = ''
  let db: Db | undefined
  beforeAll(async () => {
    dsn = await createDatabase()
    db = connectDb({ dsn, onStatement: (text) => sent.push(text) })
  })
  afterAll(async () => {
    await Promise.all([db, ...more].map(async (each) => each?.close()))
    await dropDatabase(dsn)
  })
  return {
    get db() {
      if (!db) throw new Error('The test database is there from beforeAll on.')
      return db
    },
    get dsn() {
      return dsn
    },
    async statementsOf(work) {
      sent.length = 0
      await work()
      return [...sent]
    },
    connectAgain(options = {}) {
      const another = connectDb({ dsn, ...options })
      more.push(another)
      return another
    },
  }
}

/** A fresh empty database, for tests of migrations. Drop it by `dropDatabase`. */
export async function createEmptyDatabase(): Promise<string> {
  const name = newName()
  await asAdministrator(async (client) => client.query(`CREATE DATABASE ${name}`))
  return dsnOf(name)
}

export async function dropDatabase(dsn: string): Promise<void> {
  if (dsn === '') return
  const name = new URL(dsn).pathname.slice(1)
  await asAdministrator(async (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
}

async function createDatabase(): Promise<string> {
  const name = newName()
  await asAdministrator(async (client) => {
    const template = await ensureTemplate(client)
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
    // Nobody takes the power away from a test, so no commit waits for the disk.
    await client.query(`ALTER DATABASE ${name} SET synchronous_commit = off`)
  })
  return dsnOf(name)
}

/** Migrates once for all workers; its name says which migrations are in it. */
async function ensureTemplate(client: pg.Client): Promise<string> {
  const checksums = readMigrations(migrationsFolder).map(({ checksum }) => checksum)
  const name = `template_${createHash('sha256').update(checksums.join()).digest('hex').slice(0, 16)}`
  await client.query('SELECT pg_advisory_lock(1)')
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (rowCount === 0) await makeTemplate(client, name)
  } finally {
    await client.query('SELECT pg_advisory_unlock(1)')
  }
  return name
}

async function makeTemplate(client: pg.Client, name: string): Promise<void> {
  const unfinished = newName()
  await client.query(`CREATE DATABASE ${unfinished}`)
  await migrate({ dsn: dsnOf(unfinished) })
  const db = connectDb({ dsn: dsnOf(unfinished) })
  await seedPlans(db)
  await db.close()
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`)
}

async function asAdministrator(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: dsnOf('postgres'), connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

const newName = (): string => `test_${randomBytes(8).toString('hex')}`

function dsnOf(database: string): string {
  const dsn = inject('stackEnv').DATABASE_DSN
  if (dsn === undefined) throw new Error('The stack of these tests has no PostgreSQL.')
  return Object.assign(new URL(dsn), { pathname: `/${database}` }).href
}
