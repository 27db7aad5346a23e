import { Client } from 'pg'
import { expect, it } from 'vitest'

import { aTenant } from '../../testing/builders.ts'
import { useTestDb } from '../../testing/db.ts'
import { statement } from './statement.ts'

const test = useTestDb()

const rename = (id: string, name: string): string =>
  `UPDATE organizations SET name = '${name}' WHERE id = '${id}'`

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: test.dsn, query_timeout: 20_000 })
  await client.connect()
  return client
}

const WAITING = `SELECT count(*)::int AS waiting FROM pg_stat_activity
  WHERE wait_event_type = 'Lock' AND datname = current_database()`

it('sends a statement again that was chosen to end a deadlock', { timeout: 30_000 }, async () => {
  const { orgId: one } = await aTenant(test.db)
  const { orgId: two } = await aTenant(test.db)
  const both = statement<object, { name: string }>({
    name: 'rename-both',
    text: `WITH one AS (${rename(one, 'By the statement')} RETURNING id)
      ${rename(two, 'By the statement')} AND EXISTS (SELECT FROM one) RETURNING name`,
    params: [],
    json: [],
    columns: ['name'],
  })
  const [other, watcher] = [await connect(), await connect()]
  try {
    await other.query('BEGIN')
    await other.query(rename(two, 'By the other'))
    const renamed = test.db.one(both, {})
    await expect
      .poll(async () => (await watcher.query<{ waiting: number }>(WAITING)).rows, { timeout: 10_000 })
      .toEqual([{ waiting: 1 }])
    // Who waits longer finds the deadlock first, and is its victim.
    await other.query(rename(one, 'By the other'))
    await other.query('COMMIT')
    expect(await renamed).toEqual({ name: 'By the statement' })
  } finally {
    await Promise.all([other.end(), watcher.end()])
  }
  const orgs = await test.db.prisma.organization.findMany({ where: { id: { in: [one, two] } } })
  expect(orgs.map(({ name }) => name)).toEqual(['By the statement', 'By the statement'])
})
