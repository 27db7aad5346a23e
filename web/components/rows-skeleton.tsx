import { Skeleton } from '../ui/skeleton.tsx'

/** Rows of a list that is on its way. */
export function RowsSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {['a', 'b', 'c'].map((key) => (
        <div key={key} className="space-y-2 px-4 py-3.5">
          <Skeleton className="h-4 w-44" />
          <Skeleton className="h-3.5 w-64 max-w-full" />
        </div>
      ))}
    </div>
  )
}
