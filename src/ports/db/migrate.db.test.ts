import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { createEmptyDatabase, dropDatabase } from '../../testing/db.ts'
import { assertMigrated, migrate } from './migrate.ts'

let dsn = ''
let folder = ''

beforeEach(async () => {
  dsn = await createEmptyDatabase()
  folder = mkdtempSync(join(tmpdir(), 'shipyard-migrations-'))
})

afterEach(async () => {
  rmSync(folder, { recursive: true })
  await dropDatabase(dsn)
})

function write(name: string, sql: string): void {
  const file = join(folder, name, 'migration.sql')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, sql)
}

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: dsn })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

const history = async (): Promise<{ migration_name: string; applied_steps_count: number }[]> =>
  query('SELECT migration_name, applied_steps_count FROM _prisma_migrations ORDER BY started_at')

it('applies all migrations of the installation once, however many replicas start together', async () => {
  const results = await Promise.all(Array.from({ length: 5 }, async () => migrate({ dsn })))
  const worked = results.filter(({ applied }) => applied.length > 0)
  expect(worked).toHaveLength(1)
  expect(await history()).toEqual(
    worked[0]?.applied.map((name) => ({ migration_name: name, applied_steps_count: 1 })),
  )
  await expect(assertMigrated({ dsn })).resolves.toBeUndefined()
})

it('applies what is new in the order of names and says what is pending before', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int); CREATE INDEX ON one (id);')
  await migrate({ dsn, folder })
  write('20260103000000_three', 'ALTER TABLE one ADD COLUMN three int NOT NULL DEFAULT two_of(1);')
  write('20260102000000_two', 'CREATE FUNCTION two_of(n int) RETURNS int LANGUAGE sql RETURN 2 * n;')
  await expect(assertMigrated({ dsn, folder })).rejects.toThrow(
    'The database lacks 20260102000000_two, 20260103000000_three, and AUTO_MIGRATE is false',
  )
  expect(await migrate({ dsn, folder })).toEqual({
    applied: ['20260102000000_two', '20260103000000_three'],
    unknown: [],
  })
})

it('names a migration that fails, with line and reason, and leaves nothing of it', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int);')
  write('20260102000000_two', 'CREATE TABLE two (id int);\n\nALTER TABLE nowhere ADD COLUMN id int;')
  await expect(migrate({ dsn, folder })).rejects.toThrow(
    'The migration 20260102000000_two failed and changed nothing: relation "nowhere" does not exist. Mend what it stumbles over, then start again.',
  )
  expect(await query(`SELECT to_regclass('two') AS two`)).toEqual([{ two: null }])
  expect(await history()).toHaveLength(1)
  write('20260102000000_two', 'CREATE TABLE two (id int);')
  expect((await migrate({ dsn, folder })).applied).toEqual(['20260102000000_two'])
})

it('gives the line of a mistake in the syntax', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int);\n\nCREATE TABEL two (id int);')
  await expect(migrate({ dsn, folder })).rejects.toThrow('failed (line 3) and changed nothing: syntax error')
})

it('reports a rule that the rows break as a failed migration, not as a refused change', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int); INSERT INTO one VALUES (1), (1);')
  write('20260102000000_two', 'CREATE UNIQUE INDEX one_id ON one (id);')
  await expect(migrate({ dsn, folder })).rejects.toMatchObject({ name: 'MigrationError' })
})

it('refuses to go on from a migration that prisma migrate left unfinished', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int);')
  await migrate({ dsn, folder })
  await query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'x', '20260102000000_two')`,
  )
  await expect(migrate({ dsn, folder })).rejects.toThrow(
    'The migration 20260102000000_two was begun by `prisma migrate` and not finished; undo or complete by hand what it changed, then say so with `prisma migrate resolve`.',
  )
  await query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = 'x'`)
  expect(await migrate({ dsn, folder })).toEqual({ applied: [], unknown: [] })
})

it('refuses a migration that was changed after it had been applied', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int);')
  await migrate({ dsn, folder })
  write('20260101000000_one', 'CREATE TABLE one (id bigint);')
  await expect(migrate({ dsn, folder })).rejects.toThrow(
    '20260101000000_one was changed after it had been applied',
  )
})

it('takes migrations of a newer release as they are, so that an older replica can still start', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int);')
  write('20260102000000_two', 'CREATE TABLE two (id int);')
  await migrate({ dsn, folder })
  rmSync(join(folder, '20260102000000_two'), { recursive: true })
  expect(await migrate({ dsn, folder })).toEqual({ applied: [], unknown: ['20260102000000_two'] })
})

it('gives up waiting for a process that holds the lock', async () => {
  const other = new pg.Client({ connectionString: dsn })
  await other.connect()
  // The number is that of prisma migrate: the two never run together.
  await other.query('SELECT pg_advisory_lock(72707369)')
  await expect(migrate({ dsn, lockTimeoutMs: 200 })).rejects.toThrow(
    'Another process has been migrating this database',
  )
  await other.end()
})

it('says that the database cannot be reached', async () => {
  const closed = Object.assign(new URL(dsn), { port: '1' }).href
  await expect(migrate({ dsn: closed })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})

it('leaves the previous state when its process is killed in the middle', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int); SELECT pg_sleep(30);')
  const failure = migrate({ dsn, folder }).catch((error: unknown) => error)
  const sleeping = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()`
  await expect.poll(async () => query(`SELECT pid ${sleeping}`), { timeout: 5_000 }).toHaveLength(1)
  await query(`SELECT pg_terminate_backend(pid) ${sleeping}`)
  expect(await failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  expect(await query(`SELECT to_regclass('one') AS one`)).toEqual([{ one: null }])
  write('20260101000000_one', 'CREATE TABLE one (id int);')
  expect((await migrate({ dsn, folder })).applied).toHaveLength(1)
})

it('undoes a migration that cannot be entered into the history', async () => {
  write('20260101000000_one', 'CREATE TABLE one (id int);')
  await migrate({ dsn, folder })
  write(
    '20260102000000_two',
    'CREATE TABLE two (id int); ALTER TABLE _prisma_migrations ADD CHECK (false) NOT VALID;',
  )
  await expect(migrate({ dsn, folder })).rejects.toThrow('20260102000000_two failed and changed nothing')
  expect(await query(`SELECT to_regclass('two') AS two`)).toEqual([{ two: null }])
})

it('keeps history as Prisma does: name, checksum of the file, one step, finished', async () => {
  await migrate({ dsn })
  const names = readdirSync(join(import.meta.dirname, '../../../prisma/migrations')).filter(
    (name) => !name.includes('.'),
  )
  const rows = await query<{ migration_name: string; checksum: string; finished_at: Date; logs: null }>(
    'SELECT * FROM _prisma_migrations',
  )
  expect(rows.map((row) => row.migration_name)).toEqual(names)
  const sql = readFileSync(
    join(import.meta.dirname, '../../../prisma/migrations', names[0] ?? '', 'migration.sql'),
  )
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', sql)).toString('hex')
  expect(rows[0]).toMatchObject({ checksum: digest, logs: null, finished_at: expect.any(Date) })
})
