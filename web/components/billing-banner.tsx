import { Link, Navigate, useLocation } from 'react-router'

import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { formatDay } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import { buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { stageWords } from './billing-words.ts'

/** For owners, on every page: what is not paid, and the way to pay; before that, the choice of a plan. */
export function BillingBanner() {
  const { org } = useSession()
  const { pathname } = useLocation()
  const billing = trpc.billing.overview.useQuery({ orgId: org.id }, { staleTime: 30_000 })
  // A page about paying says it all by itself, when it can be loaded.
  if (!billing.data) return null
  const { isChosen, standing } = billing.data
  if (!isChosen && pathname === paths.deployments()) return <Navigate to={paths.tierSelect()} replace />
  const words = stageWords(standing.stage)
  if (!words) return null
  return (
    <Notice
      tone={standing.stage === 'banner' ? 'warn' : 'bad'}
      title={words.title}
      action={
        <Link to={paths.org(org.id, 'billing')} className={buttonClass('primary')}>
          Pay
        </Link>
      }
    >
      <p>
        {words.text}
        {standing.next && ` The next step comes on ${formatDay(standing.next.at)}.`}
      </p>
    </Notice>
  )
}
