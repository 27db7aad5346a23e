import { Navigate, useNavigate } from 'react-router'

import type { PlanOffer } from '../../src/modules/billing/schema.ts'
import { useServerConfig } from '../api/server-config.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { PlanCards, type Period } from '../components/plan-cards.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { paths } from '../lib/paths.ts'
import { Card } from '../ui/card.tsx'

/** The first visit of an owner where plans are sold: which one is it to be? */
export default function TierSelectPage() {
  const { org } = useSession()
  const config = useServerConfig()
  const isAsked = org.role === 'org_owner' && config.data?.billing !== false
  return isAsked ? <TierSelect /> : <Navigate to={paths.deployments()} replace />
}

function TierSelect() {
  const { org } = useSession()
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const billing = trpc.billing.overview.useQuery({ orgId: org.id })
  const checkout = trpc.billing.checkout.useMutation({ onSuccess: ({ url }) => location.assign(url) })
  const free = trpc.billing.chooseFree.useMutation({
    onSuccess: async () => {
      await utils.billing.invalidate()
      await navigate(paths.deployments())
    },
  })
  const actionOf = (offer: PlanOffer, period: Period) => {
    if (offer.id === 'free')
      return { word: `Begin with ${offer.name}`, onPress: () => free.mutate({ orgId: org.id }) }
    const asked = { orgId: org.id, plan: offer.id, interval: period }
    return offer[period] ? { word: `Choose ${offer.name}`, onPress: () => checkout.mutate(asked) } : undefined
  }
  const error = billing.error ?? checkout.error ?? free.error
  return (
    <>
      <PageHead title="Choose a plan">
        <p className="text-muted">You can change it at any time, on the page about billing.</p>
      </PageHead>
      {error && <FaultNotice error={error} title="Nothing was chosen" className="mb-5" />}
      {billing.isPending && (
        <Card isFlush>
          <RowsSkeleton label="Loading the plans" />
        </Card>
      )}
      {billing.data && (
        <PlanCards
          offers={billing.data.offers}
          current={billing.data.isChosen ? billing.data.plan : undefined}
          period={undefined}
          isBusy={checkout.isPending || free.isPending}
          actionOf={actionOf}
        />
      )}
    </>
  )
}
