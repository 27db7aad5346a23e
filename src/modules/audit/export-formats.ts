/** Pure: the audit as files for people and for machines. */
import type { AuditEntry } from './schema.ts'

const COLUMNS: Record<string, (entry: AuditEntry) => string | null> = {
  at: ({ at }) => at,
  id: ({ id }) => id,
  actor_kind: ({ actor }) => actor.kind,
  actor_id: ({ actor }) => actor.id,
  actor_name: ({ actor }) => actor.name,
  on_behalf_of: ({ onBehalfOfId }) => onBehalfOfId,
  action: ({ action }) => action,
  target_id: ({ targetId }) => targetId,
  target_name: ({ targetName }) => targetName,
  team_id: ({ teamId }) => teamId,
  changes: ({ changes }) => JSON.stringify(changes),
  detail: ({ detail }) => JSON.stringify(detail),
  request_id: ({ requestId }) => requestId,
  ip: ({ ip }) => ip,
  user_agent: ({ userAgent }) => userAgent,
}

/** What a spreadsheet takes for a formula when a cell begins with it (CWE-1236); people choose names. */
const FORMULA = /^[=+\-@\t\r]/

function cell(value: string | null): string {
  const text = value ?? ''
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}

/** RFC 4180; a cell that would be a formula begins with an apostrophe. */
export const csvLine = (values: (string | null)[]): string => `${values.map(cell).join(',')}\r\n`

export interface ExportFormat {
  readonly contentType: string
  readonly head: string
  readonly line: (entry: AuditEntry) => string
}

export const EXPORT_FORMATS: Readonly<Record<'csv' | 'jsonl', ExportFormat>> = {
  csv: {
    contentType: 'text/csv; charset=utf-8',
    head: csvLine(Object.keys(COLUMNS)),
    line: (entry) => csvLine(Object.values(COLUMNS).map((of) => of(entry))),
  },
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    head: '',
    line: (entry) => `${JSON.stringify(entry)}\n`,
  },
}
