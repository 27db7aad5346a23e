import type { UsageReport, UsedAmounts } from '../../src/modules/usage/schema.ts'

/** What can be looked at, in the order in which it is offered. */
export const METRICS = ['cpuHours', 'memoryGibHours', 'storageGibHours', 'cents'] as const
export type Metric = (typeof METRICS)[number]

export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  cpuHours: 'CPU',
  memoryGibHours: 'Memory',
  storageGibHours: 'Storage',
  cents: 'Cost',
}

const UNITS: Readonly<Record<Exclude<Metric, 'cents'>, string>> = {
  cpuHours: 'core hours',
  memoryGibHours: 'GiB hours',
  storageGibHours: 'GiB hours',
}

/** Two digits where there is little, none where there is much: nobody reads more. */
function figures(value: number): string {
  const size = Math.abs(value)
  if (size > 0 && size < 0.01) return 'under 0.01'
  return value.toLocaleString(undefined, { maximumFractionDigits: size < 10 ? 2 : size < 100 ? 1 : 0 })
}

export const money = (cents: number, currency: string): string =>
  (cents / 100).toLocaleString(undefined, { style: 'currency', currency })

/** As in `12.5 core hours`. */
export function amountOf(amounts: UsedAmounts, metric: Metric, prices: UsageReport['prices']): string {
  if (metric !== 'cents') return `${figures(amounts[metric])} ${UNITS[metric]}`
  return money(amounts.cents ?? 0, prices?.currency ?? 'eur')
}

export const valueOf = (amounts: UsedAmounts, metric: Metric): number => amounts[metric] ?? 0

/** So many months after, or (negative) before. */
export function monthBeside(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}

/** Every day of a month, as `2026-01-31`. */
export function daysOf(month: string): string[] {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return Array.from({ length: count }, (_, day) => `${month}-${String(day + 1).padStart(2, '0')}`)
}

const MONTH = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' })
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })

export const monthName = (month: string): string => MONTH.format(new Date(`${month}-01T00:00:00Z`))
export const dayName = (day: string): string => DAY.format(new Date(`${day}T00:00:00Z`))

export const usageFile = (orgId: string, month: string): string =>
  `/api/orgs/${encodeURIComponent(orgId)}/usage.csv?month=${month}`

/** What somebody types as money, in cents; undefined when it is none. */
export function centsOf(typed: string): number | undefined {
  const [, whole = '', fraction = ''] = /^\s*(\d{1,7})(?:[.,](\d{1,2}))?\s*$/.exec(typed) ?? []
  if (whole === '') return undefined
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
}
