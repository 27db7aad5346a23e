import { Link } from 'react-router'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import { paths } from '../lib/paths.ts'
import { Card } from '../ui/card.tsx'
import { ActivityList, ActivitySkeleton } from './activity-list.tsx'
import { AddressesCard } from './addresses-card.tsx'
import { FaultNotice } from './fault-notice.tsx'
import { ServicesCard } from './services-card.tsx'

const RECENT = 5

export function DeploymentOverview({ deployment }: { deployment: DeploymentView }) {
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[1fr_20rem]">
      <div className="min-w-0 space-y-5">
        <ServicesCard deployment={deployment} />
        <AddressesCard deployment={deployment} />
      </div>
      <RecentActivity deployment={deployment} />
    </div>
  )
}

function RecentActivity({ deployment: { id } }: { deployment: DeploymentView }) {
  const activity = trpc.deployments.activity.useQuery({ id, limit: RECENT })
  return (
    <Card
      title="Activity"
      aside={
        <Link to={paths.deployment(id, 'activity')} className="rounded-sm text-accent hover:underline">
          All
        </Link>
      }
    >
      {activity.isPending && <ActivitySkeleton />}
      {activity.error && <FaultNotice error={activity.error} onRetry={() => void activity.refetch()} />}
      {activity.data && <ActivityList entries={activity.data.items} />}
    </Card>
  )
}
