import { Compass, Trash2 } from 'lucide-react'
import { Link } from 'react-router'

import { paths } from '../lib/paths.ts'
import { useTitle } from '../lib/use-title.ts'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

const BACK = (
  <Link to={paths.deployments()} className={buttonClass('primary')}>
    To the deployments
  </Link>
)

export function NotFoundPage() {
  useTitle('Nothing here')
  return (
    <EmptyState isPage icon={<Compass />} title="There is no such page" action={BACK}>
      The address may be misspelt, or what it led to is gone.
    </EmptyState>
  )
}

/** Of a deployment that the server does not show: who was removed from its team is not told that it is deleted. */
export function GonePage({ wasGoing }: { wasGoing: boolean }) {
  useTitle('Nothing here')
  return wasGoing ? (
    <EmptyState isPage icon={<Trash2 />} title="It is deleted" action={BACK}>
      Nothing of this deployment is left in the cluster.
    </EmptyState>
  ) : (
    <EmptyState isPage icon={<Compass />} title="There is no such deployment" action={BACK}>
      It may be deleted, or belong to a team that you are not in.
    </EmptyState>
  )
}
