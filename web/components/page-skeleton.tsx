import { Skeleton } from '../ui/skeleton.tsx'

/** What stands where a page will be, while its code is on its way. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton className="mb-5 h-8 w-44" />
      <Skeleton className="mb-4 h-8 w-full sm:w-80" />
      <div className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <div key={key} className="space-y-2 px-4 py-3.5">
            <Skeleton className="h-4 w-40" />
            <Skeleton className="h-3.5 w-24" />
          </div>
        ))}
      </div>
    </div>
  )
}
