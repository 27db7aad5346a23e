import type { ActivityEntry } from '../../src/modules/deployments/activity-schema.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { sentenceOf } from './activity-sentence.ts'
import { Age } from './age.tsx'

/** What happened, newest first, on a line through time. */
export function ActivityList({ entries }: { entries: readonly ActivityEntry[] }) {
  return (
    <ol className="relative space-y-4 before:absolute before:top-2 before:bottom-2 before:left-[3px] before:w-px before:bg-line">
      {entries.map((entry) => (
        <li
          key={entry.id}
          className="relative pl-5 before:absolute before:top-[7px] before:left-0 before:size-[7px] before:rounded-full before:bg-field before:ring-4 before:ring-surface"
        >
          <p className="wrap-anywhere">
            <span className="font-medium">{entry.actorName}</span> {sentenceOf(entry)}
          </p>
          <p className="text-xs text-muted">
            <Age at={entry.at} />
            {entry.revision !== null && ` · revision ${entry.revision}`}
          </p>
        </li>
      ))}
    </ol>
  )
}

export function ActivitySkeleton() {
  return (
    <div role="status" aria-label="Loading what happened" className="space-y-4">
      {['a', 'b', 'c'].map((key) => (
        <div key={key} className="space-y-1.5 pl-5">
          <Skeleton className="h-4 w-48" />
          <Skeleton className="h-3.5 w-24" />
        </div>
      ))}
    </div>
  )
}
