import { useSearchParams } from 'react-router'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { FaultNotice } from './fault-notice.tsx'
import { RevisionItem } from './revision-item.tsx'

const PAGE = 20

/** What it was and is, the newest first. The chosen revision stands in the address, so that it can be sent to others. */
export function HistoryTab({ deployment }: { deployment: DeploymentView }) {
  const { id } = deployment
  const revisions = trpc.deployments.revisions.list.useInfiniteQuery(
    { id, limit: PAGE },
    { getNextPageParam: ({ nextCursor }) => nextCursor },
  )
  const [parameters, setParameters] = useSearchParams()
  const chosen = Number(parameters.get('revision'))
  const choose = (number: number) =>
    setParameters(number === chosen ? {} : { revision: String(number) }, { replace: true })
  const items = revisions.data?.pages.flatMap((page) => page.items)
  return (
    <Card
      title="History"
      description="Every change made a revision. Choose one to see how it differs from now, and to go back to it."
      isFlush
    >
      {revisions.isPending && <HistorySkeleton />}
      {revisions.error && (
        <FaultNotice
          error={revisions.error}
          title="The revisions could not be loaded"
          onRetry={() => void revisions.refetch()}
          isRetrying={revisions.isFetching}
          className="m-4"
        />
      )}
      <ol aria-label="Revisions" className="divide-y divide-line">
        {items?.map((revision) => (
          <RevisionItem
            key={revision.number}
            deployment={deployment}
            revision={revision}
            isOpen={revision.number === chosen}
            onToggle={() => choose(revision.number)}
          />
        ))}
      </ol>
      {revisions.hasNextPage && (
        <div className="border-t border-line p-4">
          <Button onClick={() => void revisions.fetchNextPage()} isBusy={revisions.isFetchingNextPage}>
            Show more
          </Button>
        </div>
      )}
    </Card>
  )
}

function HistorySkeleton() {
  return (
    <div role="status" aria-label="Loading the revisions" className="space-y-4 p-4">
      {['a', 'b', 'c'].map((key) => (
        <div key={key} className="space-y-1.5">
          <Skeleton className="h-4 w-48" />
          <Skeleton className="h-3.5 w-64" />
        </div>
      ))}
    </div>
  )
}
