import type { AuditEntry } from '../../src/modules/audit/schema.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { Age } from './age.tsx'
import { summaryOf } from './audit-words.ts'

interface AuditListProps {
  entries: readonly AuditEntry[]
  onOpen: (id: string) => void
}

/** Rows of the audit, newest first; each opens what it tells besides. */
export function AuditList({ entries, onOpen }: AuditListProps) {
  return (
    <ul aria-label="Audit" className="divide-y divide-line">
      {entries.map((entry) => (
        <li key={entry.id}>
          <button
            type="button"
            onClick={() => onOpen(entry.id)}
            className="flex w-full flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-2.5 text-left hover:bg-hover"
          >
            <span className="min-w-0 flex-1 basis-72 wrap-anywhere">
              <span className="font-medium">{entry.actor.name}</span>{' '}
              <code className="font-mono text-xs text-muted">{entry.action}</code>{' '}
              {entry.targetName ?? entry.targetId}
              {Object.keys(entry.changes).length > 0 && (
                <span className="block text-xs text-muted">{summaryOf(entry)}</span>
              )}
            </span>
            <span className="text-xs text-muted">
              <Age at={entry.at} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

export function AuditSkeleton() {
  return (
    <div role="status" aria-label="Loading the audit" className="divide-y divide-line">
      {['a', 'b', 'c', 'd'].map((row) => (
        <div key={row} className="space-y-2 px-4 py-3">
          <Skeleton className="h-4 w-80 max-w-full" />
          <Skeleton className="h-3.5 w-32" />
        </div>
      ))}
    </div>
  )
}
