/** What stands in a database, to see that nothing was changed. */
import type { Db } from '../ports/db/port.ts'
import type { Statement } from '../ports/db/statement.ts'

/** Who asks and when is noted in these, whatever comes of it. */
const NOTED = ['sessions', '_prisma_migrations']

const statementOf = <Row>(text: string, columns: (keyof Row & string)[]): Statement<object, Row> => ({
  name: `state ${text.length} ${text.slice(-40)}`,
  text,
  params: [],
  json: [],
  columns,
})

interface TableState {
  readonly count: number
  readonly hash: string
}

/** By table, how many rows it has and a hash of all that is in them. */
export async function databaseState(db: Db): Promise<Record<string, TableState>> {
  const names = `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`
  const tables = await db.all(statementOf<{ name: string }>(names, ['name']), {})
  const each = tables
    .filter(({ name }) => !NOTED.includes(name))
    .map(async ({ name }) => {
      const text = `SELECT count(*)::int AS count, md5(coalesce(string_agg(row::text, '' ORDER BY row::text), '')) AS hash FROM "${name}" AS row`
      return [name, await db.one(statementOf<TableState>(text, ['count', 'hash']), {})] as const
    })
  return Object.fromEntries(await Promise.all(each))
}
