import pg from 'pg'

import type { OrgId } from '../contract/ids.ts'
import type { TestDb } from './db.ts'

const POLL_MS = 5
const MEET_MS = 20_000

/**
 * Has changes of one organisation meet: its row is held until the first waits for it, then the second, and so on; then
 * they come through in this order, each with a view of the world from before.
 *
 * @throws when one of them does not wait for the row
 */
export async function meet<T>(
  { dsn }: Pick<TestDb, 'dsn'>,
  orgId: OrgId,
  calls: (() => Promise<T>)[],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT FROM organizations WHERE id = $1 FOR UPDATE', [orgId])
    const started: Promise<T>[] = []
    for (const call of calls) {
      const running = call()
      // Whatever becomes of it is looked at when all have begun.
      running.catch(() => undefined)
      started.push(running)
      await untilWaiting(client, started.length)
    }
    await client.query('COMMIT')
    return await Promise.all(started)
  } finally {
    await client.end()
  }
}

async function untilWaiting(client: pg.Client, count: number): Promise<void> {
  const deadline = performance.now() + MEET_MS
  for (;;) {
    const found = await countWaiting(client)
    if (found === count) return
    if (performance.now() > deadline) throw new Error(`${found} of ${count} changes wait for the row.`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

async function countWaiting(client: pg.Client): Promise<number> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return rowCount ?? 0
}

/** How many changes of this database wait for another one now. */
export async function waiting({ dsn }: Pick<TestDb, 'dsn'>): Promise<number> {
  const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    return await countWaiting(client)
  } finally {
    await client.end()
  }
}
