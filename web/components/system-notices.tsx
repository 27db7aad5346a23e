import { lazy, Suspense } from 'react'
import { Link } from 'react-router'

import { useLiveState } from '../api/live-state.ts'
import { useReadiness, useServerConfig, type Readiness } from '../api/server-config.ts'
import { useSession } from '../api/session.tsx'
import { paths } from '../lib/paths.ts'
import { buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

const BillingBanner = lazy(async () => ({
  default: (await import('./billing-banner.tsx')).BillingBanner,
}))

/** What the absence of a part means for those who look at the page. */
const MISSING = {
  cluster: {
    title: 'The cluster is not there yet',
    text: 'Deployments can be made: they wait, and start by themselves when it answers.',
  },
  vault: {
    title: 'The secret store does not answer',
    text: 'What has secrets cannot be deployed or changed until it does. Nothing that runs is touched.',
  },
} as const

const missingOf = ({ parts }: Readiness) =>
  (['cluster', 'vault'] as const).filter((name) => !parts[name].isHealthy)

/** What everybody must know before they read the page. */
export function SystemNotices() {
  const { org } = useSession()
  const config = useServerConfig()
  const live = useLiveState()
  const readiness = useReadiness()
  return (
    <div role="status" className="space-y-3 *:last:mb-5">
      {org.isSuspended && (
        <Notice
          tone="warn"
          title={`${org.name} is suspended`}
          action={
            <Link to={paths.org(org.id)} className={buttonClass()}>
              See why
            </Link>
          }
        >
          <p>Nothing of it runs meanwhile. It may read, pay and delete.</p>
        </Notice>
      )}
      {org.isFrozen && org.role !== 'org_owner' && (
        <Notice tone="warn" title={`${org.name} has not paid`}>
          <p>Nothing new may be made in it until it has. What runs is not touched. Ask its owner to pay.</p>
        </Notice>
      )}
      {config.data?.billing === true && org.role === 'org_owner' && (
        <Suspense fallback={null}>
          <BillingBanner />
        </Suspense>
      )}
      {readiness.data &&
        missingOf(readiness.data).map((name) => (
          <Notice key={name} tone="warn" title={MISSING[name].title}>
            <p>{MISSING[name].text}</p>
          </Notice>
        ))}
      {live === 'broken' && (
        <Notice tone="warn">
          <p>Live updates are interrupted. The page asks every ten seconds until they are back.</p>
        </Notice>
      )}
    </div>
  )
}
