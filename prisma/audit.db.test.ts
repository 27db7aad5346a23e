/** The audit only grows: by grants for a role that is bound by them, by triggers for any, and by one way out. */
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { deleteAuditPastRetention } from './sql/delete-audit-past-retention.generated.ts'
import { newId, randomBase32 } from '../src/contract/ids.ts'
import { migrate } from '../src/ports/db/migrate.ts'
import { connectDb } from '../src/ports/db/postgres.ts'
import type { Db } from '../src/ports/db/port.ts'
import { seedPlans } from '../src/ports/db/seed-plans.ts'
import { aTenant } from '../src/testing/builders.ts'

const name = `audit_${randomBase32(10)}`
const password = randomBase32(20)
const dsnAs = (user?: string): string => {
  const url = Object.assign(new URL(inject('stackEnv').DATABASE_DSN ?? ''), { pathname: '/postgres' })
  return Object.assign(url, user ? { username: user, password, pathname: `/${name}` } : {}).href
}
const asAdministrator = async (...statements: string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: dsnAs(), connectionTimeoutMillis: 10_000 })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

let db: Db
/** As an installation has it: a role that owns the database and is no superuser. */
beforeAll(async () => {
  await asAdministrator(
    `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`,
    `CREATE DATABASE ${name} OWNER ${name}`,
  )
  await migrate({ dsn: dsnAs(name) })
  db = connectDb({ dsn: dsnAs(name) })
  await seedPlans(db)
})
afterAll(async () => {
  await db.close()
  await asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`)
})

const sql = async (text: string): Promise<unknown> =>
  db.all({ name: `t${text.length}`, text, params: [], json: [], columns: [] }, {})

it.each([
  `UPDATE audit_events SET actor_name = 'Nobody'`,
  `DELETE FROM audit_events`,
  `TRUNCATE audit_events`,
  `UPDATE usage_hours SET cpu_milli_seconds = 0`,
  `DELETE FROM usage_hours`,
  `TRUNCATE usage_hours`,
])('refuses the role of the application %s', async (text) => {
  await aTenant(db)
  await expect(sql(text)).rejects.toMatchObject({ code: '42501' })
})

it('takes the setting that opens the triggers for no right to delete', async () => {
  const before = await db.prisma.auditEvent.count()
  await expect(
    db.withTx(async (tx) => {
      const open = `SELECT set_config('shipyard.audit_retention', 'on', true)`
      await tx.all({ name: 'open', text: open, params: [], json: [], columns: [] }, {})
      return tx.prisma.auditEvent.deleteMany({})
    }),
  ).rejects.toThrow('permission denied')
  expect(await db.prisma.auditEvent.count()).toBe(before)
})

const DAY_MS = 24 * 3_600_000
const now = new Date()

/** Rows of an organisation that are so many days old. */
async function rowsOf(orgId: string | null, ...days: number[]): Promise<void> {
  await db.prisma.auditEvent.createMany({
    data: days.map((age) => ({
      id: newId('aud'),
      orgId,
      at: new Date(now.getTime() - age * DAY_MS),
      actorKind: 'system',
      actorName: 'Shipyard',
      action: 'org:update',
      detail: { age },
    })),
  })
}
const agesOf = async (orgId: string | null): Promise<unknown[]> => {
  const rows = await db.prisma.auditEvent.findMany({ where: { orgId, action: 'org:update' } })
  return rows.map(({ detail }) => (detail as { age: number }).age).toSorted((a, b) => a - b)
}

it('removes what is older than the plan keeps, in bounded steps, and leaves no right behind', async () => {
  const free = await aTenant(db, { plan: 'free' })
  const business = await aTenant(db, { plan: 'business' })
  const enterprise = await aTenant(db, { plan: 'enterprise' })
  const gone = newId('org')
  for (const orgId of [free.orgId, business.orgId, enterprise.orgId, gone, null]) {
    await rowsOf(orgId, 1, 29, 31, 364, 366, 4000)
  }
  const remove = async (limit: number, at = now) =>
    (await db.one(deleteAuditPastRetention, { now: at, limit })).removed
  expect(await remove(3)).toBe(3)
  expect(await remove(100)).toBe(5)
  expect(await remove(100)).toBe(0)
  // A clock that runs ahead removes nothing too early.
  expect(await remove(100, new Date(now.getTime() + 1000 * DAY_MS))).toBe(0)
  expect(await agesOf(free.orgId)).toEqual([1, 29])
  expect(await agesOf(business.orgId)).toEqual([1, 29, 31, 364])
  expect(await agesOf(gone)).toEqual([1, 29, 31, 364])
  expect(await agesOf(enterprise.orgId)).toEqual([1, 29, 31, 364, 366, 4000])
  expect(await agesOf(null)).toHaveLength(6)
  await expect(sql('DELETE FROM audit_events')).rejects.toMatchObject({ code: '42501' })
})
