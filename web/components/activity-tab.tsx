import type { DeploymentId } from '../../src/contract/ids.ts'
import { trpc } from '../api/trpc.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ActivityList, ActivitySkeleton } from './activity-list.tsx'
import { FaultNotice } from './fault-notice.tsx'

export function ActivityTab({ id }: { id: DeploymentId }) {
  const activity = trpc.deployments.activity.useInfiniteQuery(
    { id, limit: 50 },
    { getNextPageParam: ({ nextCursor }) => nextCursor },
  )
  const entries = activity.data?.pages.flatMap(({ items }) => items)
  return (
    <Card title="Activity" description="Who did what to it, the newest first.">
      {activity.isPending && <ActivitySkeleton />}
      {activity.error && (
        <FaultNotice
          error={activity.error}
          title="What happened could not be loaded"
          onRetry={() => void activity.refetch()}
          isRetrying={activity.isFetching}
        />
      )}
      {entries && <ActivityList entries={entries} />}
      {activity.hasNextPage && (
        <Button
          className="mt-5"
          onClick={() => void activity.fetchNextPage()}
          isBusy={activity.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
    </Card>
  )
}
