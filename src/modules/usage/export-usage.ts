/** The ledger as a file for spreadsheets: what each deployment used in each hour, in the units of prices. */
import { csvLine } from '../audit/export-formats.ts'
import type { Deps } from '../deps.ts'
import { hoursOf } from './prices.ts'
import { exportUsage, type Exporting } from './read-usage.ts'
import type { HourRow } from './store.ts'

const HEAD = [
  'hour',
  'deployment_id',
  'deployment',
  'team_id',
  'cpu_hours',
  'memory_gib_hours',
  'storage_gib_hours',
]

export async function* usageCsv(
  deps: Pick<Deps, 'db' | 'clock'>,
  exporting: Exporting,
): AsyncGenerator<string, void> {
  yield csvLine(HEAD)
  for await (const rows of exportUsage(deps, exporting)) yield rows.map(lineOf).join('')
}

function lineOf({ hour, deploymentId, displayName, teamId, ...rates }: HourRow): string {
  const { cpuHours, memoryGibHours, storageGibHours } = hoursOf(rates)
  return csvLine([
    hour.toISOString(),
    deploymentId,
    displayName,
    teamId,
    ...[cpuHours, memoryGibHours, storageGibHours].map((hours) => hours.toFixed(6)),
  ])
}
