import type { AuditEntry } from '../../src/modules/audit/schema.ts'

const DAY_MS = 24 * 3_600_000

/** A day of the reader's calendar as the instant at which it begins, or (for `to`) ends. */
export function dayFilter(
  end: 'from' | 'to',
  day: string | undefined,
): Partial<Record<'from' | 'to', string>> {
  const midnight = Date.parse(`${day}T00:00:00`)
  if (day === undefined || Number.isNaN(midnight)) return {}
  return { [end]: new Date(end === 'from' ? midnight : midnight + DAY_MS).toISOString() }
}

/** What one change is, for people: texts as they are, the rest as JSON. */
export function changeText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return value === '' ? 'an empty text' : value
  return JSON.stringify(value, null, 2)
}

/** The fields that a row tells of, in a few words. */
export function summaryOf({ changes }: Pick<AuditEntry, 'changes'>): string {
  const [first, ...more] = Object.keys(changes)
  if (first === undefined) return ''
  return more.length === 0 ? first : `${first} and ${more.length} more`
}

/** Where the whole of it can be downloaded, filtered in the same way. */
export function exportAddress(orgId: string, format: 'csv' | 'jsonl', filter: object): string {
  const query = new URLSearchParams(filter as Record<string, string>).toString()
  return `/api/orgs/${encodeURIComponent(orgId)}/audit.${format}${query === '' ? '' : `?${query}`}`
}
