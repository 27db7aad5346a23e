/** What stands in a database, to see that nothing was changed. */
import type { Db } from '../ports/db/port.ts'

/** Who asks and when is noted in these, whatever comes of it. */
const NOTED = ['sessions', '_prisma_migrations']

interface Table {
  readonly name: string
}

const asText = (text: string, columns: string[]) => ({
  name: `state ${text.length} ${text.slice(-40)}`,
  text,
  params: [],
  json: [],
  columns,
})

/** By table, a hash of all that is in it. */
export async function databaseState(db: Db): Promise<Record<string, unknown>> {
  const names = `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`
  const tables = (await db.all(asText(names, ['name']) as never, {})) as Table[]
  const each = tables
    .filter(({ name }) => !NOTED.includes(name))
    .map(async ({ name }) => {
      const text = `SELECT count(*)::int AS count, md5(coalesce(string_agg(row::text, '' ORDER BY row::text), '')) AS hash FROM "${name}" AS row`
      const [state] = (await db.all(asText(text, ['count', 'hash']) as never, {})) as unknown[]
      return [name, state]
    })
  return Object.fromEntries(await Promise.all(each)) as Record<string, unknown>
}
