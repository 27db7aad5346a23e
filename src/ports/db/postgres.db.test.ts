import { afterEach, expect, it } from 'vitest'

import { aTenant } from '../../testing/builders.ts'
import { useTestDb } from '../../testing/db.ts'
import type { Queries } from './port.ts'
import { connectDb, type DbOptions } from './postgres.ts'
import { statement } from './statement.ts'
import { startProxy, type Proxy } from './testing/proxy.ts'

const test = useTestDb()
const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** A statement without parameters and types; its name is new for each text. */
const plain = (text: string) =>
  statement<object, Record<string, unknown>>({
    name: `plain-${Buffer.from(text).toString('base64url').slice(0, 50)}`,
    text,
    params: [],
    json: [],
    columns: ['value'],
  })

const ask = async (queries: Queries, text: string): Promise<unknown> =>
  (await queries.one(plain(text), {})).value

function connect(options: Partial<DbOptions> = {}): ReturnType<typeof connectDb> {
  const db = connectDb({ dsn: test.dsn, ...options })
  cleanups.push(async () => db.close())
  return db
}

async function proxied(options: Partial<DbOptions> = {}): Promise<{ proxy: Proxy; db: Queries }> {
  const proxy = await startProxy(test.dsn)
  cleanups.push(async () => proxy.close())
  return { proxy, db: connect({ dsn: proxy.dsn, ...options }) }
}

const everyType = statement<
  {
    text: string
    int: number
    float: number
    flag: boolean
    at: Date
    json: unknown
    list: string[]
    none: string | null
  },
  {
    text: string
    int: number
    float: number
    flag: boolean
    at: Date
    json: unknown
    list: string[]
    none: string | null
    role: string
  }
>({
  name: 'every-type',
  text: `SELECT $1::text AS text, $2::int AS int, $3::float8 AS float, $4::boolean AS flag, $5::timestamptz AS at,
    $6::jsonb AS json, $7::text[] AS list, $8::text AS none, 'viewer'::team_role AS role`,
  params: ['text', 'int', 'float', 'flag', 'at', 'json', 'list', 'none'],
  json: ['json'],
  columns: ['text', 'int', 'float', 'flag', 'at', 'json', 'list', 'none', 'role'],
})

const values = {
  text: `O'Neill "quoted" \\ $1 :name`,
  int: -7,
  float: 0.25,
  flag: true,
  at: new Date(Date.UTC(2026, 6, 1, 12, 30, 15, 123)),
  json: { list: [1, 'two', null], deep: { a: true } },
  list: ['a', 'b,c', '{"d"}'],
  none: null,
}

it('gives and takes every type the same inside and outside of a transaction', async () => {
  const wanted = { ...values, role: 'viewer' }
  expect(await test.db.one(everyType, values)).toEqual(wanted)
  expect(await test.db.withTx(async (tx) => tx.one(everyType, values))).toEqual(wanted)
})

it('keeps stamps whatever zone the database or its address asks for', async () => {
  const dsn = new URL(test.dsn)
  dsn.searchParams.set('options', '-c timezone=Asia/Kathmandu')
  const db = connect({ dsn: dsn.href })
  expect(await ask(db, `SELECT current_setting('timezone') AS value`)).toBe('UTC')
  const { orgId } = await aTenant(db)
  const suspendedAt = values.at
  await db.prisma.organization.update({ where: { id: orgId }, data: { suspendedAt } })
  expect(await db.prisma.organization.findUnique({ where: { id: orgId } })).toMatchObject({ suspendedAt })
  expect(await ask(db, `SELECT suspended_at AS value FROM organizations WHERE id = '${orgId}'`)).toEqual(
    suspendedAt,
  )
  expect((await db.one(everyType, values)).at).toEqual(values.at)
})

it.each([
  ['a statement', async (db: Queries) => ask(db, 'SELECT 1 AS value')],
  ['a model', async (db: Queries) => db.prisma.user.count()],
] as const)('says that the database cannot be reached, to %s', async (_, use) => {
  const db = connect({ dsn: Object.assign(new URL(test.dsn), { port: '1' }).href })
  await expect(use(db)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  await expect(db.withTx(use)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  await expect(db.ping()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})

it('says so in time when a connection is made but nobody answers', async () => {
  const { proxy, db } = await proxied({ connectTimeoutMs: 300, statementTimeoutMs: 200 })
  proxy.silence()
  const started = performance.now()
  await expect(ask(db, 'SELECT 1 AS value')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  await expect(db.prisma.user.count()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  expect(performance.now() - started).toBeLessThan(3_000)
})

it('says so in time when PostgreSQL falls silent in the middle of a statement', async () => {
  const { proxy, db } = await proxied({ statementTimeoutMs: 200 })
  await ask(db, 'SELECT 1 AS value')
  proxy.silence()
  await expect(ask(db, 'SELECT 2 AS value')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})

it('survives connections that break in the middle of a statement', async () => {
  const { proxy, db } = await proxied()
  const failures = [1, 2].map(async () =>
    ask(db, 'SELECT pg_sleep(20)::text AS value').catch((error: unknown) => error),
  )
  await expect.poll(() => proxy.connections()).toBe(2)
  proxy.breakAll()
  expect(await Promise.all(failures)).toMatchObject([
    { code: 'DATABASE_UNAVAILABLE' },
    { code: 'DATABASE_UNAVAILABLE' },
  ])
  expect(await ask(db, 'SELECT 1 AS value')).toBe(1)
})

it('survives a COMMIT whose answer never comes', async () => {
  const { proxy, db: queries } = await proxied({ statementTimeoutMs: 200, connectTimeoutMs: 500 })
  const db = queries as ReturnType<typeof connectDb>
  proxy.silenceAt('COMMIT')
  await expect(db.withTx(async (tx) => tx.prisma.user.count())).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  })
})

it('lets PostgreSQL give up a statement that takes too long, and keeps the connection', async () => {
  const db = connect({ maxConnections: 1, statementTimeoutMs: 100 })
  const pid = await ask(db, 'SELECT pg_backend_pid() AS value')
  await expect(ask(db, 'SELECT pg_sleep(5) AS value')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  expect(await ask(db, 'SELECT pg_backend_pid() AS value')).toBe(pid)
})

it('keeps the connection when a rule refuses a change', async () => {
  const db = connect({ maxConnections: 1 })
  const pid = await ask(db, 'SELECT pg_backend_pid() AS value')
  const refused = plain(`INSERT INTO users (id, email, name) VALUES ('x', 'x@example.com', 'x')`)
  await expect(db.all(refused, {})).rejects.toMatchObject({ constraint: 'users_id_check' })
  expect(await ask(db, 'SELECT pg_backend_pid() AS value')).toBe(pid)
})

it('does not wait for ever for a free connection', async () => {
  const db = connect({ maxConnections: 1, connectTimeoutMs: 200 })
  const long = ask(db, 'SELECT pg_sleep(1)::text AS value')
  await expect(ask(db, 'SELECT 1 AS value')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  await long
})

it('goes on after PostgreSQL has closed all connections', async () => {
  const lost: Error[] = []
  const db = connect({ onLostConnection: (error) => lost.push(error) })
  const pids = await Promise.all([1, 2].map(async () => ask(db, 'SELECT pg_backend_pid() AS value')))
  const failure = ask(db, 'SELECT pg_sleep(20) AS value').catch((error: unknown) => error)
  await expect
    .poll(async () =>
      ask(test.db, `SELECT count(*)::int AS value FROM pg_stat_activity WHERE query LIKE '%sleep(20)%'`),
    )
    .toBeGreaterThan(1)
  await ask(
    test.db,
    `SELECT count(pg_terminate_backend(pid))::int AS value FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  )
  expect(await failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  await expect.poll(() => lost).toMatchObject([{ code: '57P01' }])
  expect(pids).not.toContain(await ask(db, 'SELECT pg_backend_pid() AS value'))
})

it('repeats a transaction that a concurrent one made impossible, and loses no change', async () => {
  let attempts = 0
  let readers = 0
  const allHaveRead = Promise.withResolvers<void>()
  const increment = async (): Promise<void> =>
    test.db.withTx(async (tx) => {
      attempts++
      const { position } = await tx.prisma.plan.findUniqueOrThrow({ where: { id: 'free' } })
      // On a loaded machine they would come one after the other, and none would be in another's way.
      if (++readers === 3) allHaveRead.resolve()
      await allHaveRead.promise
      await tx.prisma.plan.update({ where: { id: 'free' }, data: { position: position + 1 } })
    })
  const before = await test.db.prisma.plan.findUniqueOrThrow({ where: { id: 'free' } })
  await Promise.all([increment(), increment(), increment()])
  const after = await test.db.prisma.plan.findUniqueOrThrow({ where: { id: 'free' } })
  expect(after.position - before.position).toBe(3)
  expect(attempts).toBeGreaterThan(3)
})

it('repeats a transaction that is refused at its COMMIT', async () => {
  const [one, two] = [await aTenant(test.db), await aTenant(test.db)]
  let attempts = 0
  // Each reads what the other writes: neither waits, and PostgreSQL refuses one of them at the end.
  const skew = async (read: string, write: string, meet: () => Promise<void>): Promise<void> =>
    test.db.withTx(async (tx) => {
      attempts++
      const { name } = await tx.prisma.organization.findUniqueOrThrow({ where: { id: read } })
      await meet()
      await tx.prisma.organization.update({ where: { id: write }, data: { aiContext: name } })
    })
  const bothHaveRead = Promise.withResolvers<void>()
  let readers = 0
  const meet = async (): Promise<void> => {
    readers++
    if (readers === 2) bothHaveRead.resolve()
    return bothHaveRead.promise
  }
  await Promise.all([skew(one.orgId, two.orgId, meet), skew(two.orgId, one.orgId, meet)])
  expect(attempts).toBe(3)
})

it('undoes a transaction whose work fails, and passes the error on', async () => {
  const { orgId } = await aTenant(test.db)
  const failure = new Error('second thoughts')
  const run = test.db.withTx(async (tx) => {
    await tx.prisma.organization.update({ where: { id: orgId }, data: { name: 'Another' } })
    expect(await ask(tx, `SELECT name AS value FROM organizations WHERE id = '${orgId}'`)).toBe('Another')
    throw failure
  })
  await expect(run).rejects.toBe(failure)
  expect(await ask(test.db, `SELECT name AS value FROM organizations WHERE id = '${orgId}'`)).toBe(
    'Ada and friends',
  )
})

it('sends one statement at a time within a transaction, sibling relations included', async () => {
  const { orgId } = await aTenant(test.db)
  const warnings: Error[] = []
  const hear = (warning: Error): unknown => warnings.push(warning)
  process.on('warning', hear)
  cleanups.push(async () => process.off('warning', hear))
  await test.db.withTx(async (tx) =>
    tx.prisma.organization.findUnique({
      where: { id: orgId },
      include: { members: true, teams: { include: { members: true } }, deployments: true, plan: true },
    }),
  )
  // Process warnings come a moment later.
  await new Promise((resolve) => setImmediate(resolve))
  expect(warnings).toEqual([])
})

it('counts every statement that is sent', async () => {
  const sent = await test.statementsOf(async () => {
    await ask(test.db, 'SELECT 1 AS value')
    await test.db.withTx(async (tx) => tx.prisma.user.count())
  })
  expect(sent.map((text) => /\w+/.exec(text)?.[0])).toEqual(['SELECT', 'BEGIN', 'SET', 'SELECT', 'COMMIT'])
})

it('says which parameter was forgotten and which answer was not expected', async () => {
  const { none: _, ...rest } = values
  await expect(test.db.one(everyType, rest as typeof values)).rejects.toThrow(
    'every-type was called without none; null is a value.',
  )
  await expect(test.db.one(plain('SELECT 1 AS value WHERE false'), {})).rejects.toThrow(
    'answered with no row',
  )
  await expect(test.db.first(plain('SELECT generate_series(1, 2) AS value'), {})).rejects.toThrow(
    'with 2 rows',
  )
  expect(await test.db.first(plain('SELECT 1 AS value WHERE false'), {})).toBeUndefined()
})

it('hears how long each statement took', async () => {
  const heard: [string, number][] = []
  const db = connect({ onDuration: (name, milliseconds) => heard.push([name, milliseconds]) })
  await db.one(everyType, values)
  expect(heard).toEqual([['every-type', expect.any(Number)]])
  expect(heard[0]?.[1]).toBeGreaterThan(0)
})
