// Written by `npm run gen` from sum-usage-by-day.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * What an organisation used on each day (by UTC) of a time; null teams are all of them.
 */
export const sumUsageByDay = statement<
  { orgId: OrgId; from: Date; to: Date; teamIds: string[] | null },
  { day: string; cpu: number; memory: number; storage: number; lastHour: Date }
>({
  name: 'sum-usage-by-day',
  text: `SELECT
    to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
    sum(cpu_milli_seconds)::float8 AS cpu, sum(memory_mib_seconds)::float8 AS memory,
    sum(storage_mib_seconds)::float8 AS storage, max(hour) AS last_hour
FROM usage_hours
WHERE org_id = $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz
    AND ($4::text[] IS NULL OR team_id = ANY ($4::text[]))
GROUP BY 1 ORDER BY 1`,
  params: ['orgId', 'from', 'to', 'teamIds'],
  json: [],
  columns: ['day', 'cpu', 'memory', 'storage', 'lastHour'],
})
