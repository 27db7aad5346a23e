import { useState } from 'react'
import { useSearchParams } from 'react-router'

import type { Billing, PlanOffer } from '../../src/modules/billing/schema.ts'
import { useServerConfig } from '../api/server-config.ts'
import { trpc } from '../api/trpc.ts'
import { BillingRecords } from '../components/billing-records.tsx'
import { exceedingOf } from '../components/billing-words.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { PlanCards, type Period } from '../components/plan-cards.tsx'
import { QuotaMeter } from '../components/quota-meter.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { useOrg } from '../components/use-org.ts'
import { DeploymentsKeep } from '../forms/deployments-keep.tsx'
import { PlanChange } from '../forms/plan-change.tsx'
import { formatDay } from '../lib/format.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { NotFoundPage } from './not-found-page.tsx'

/** Who comes back from a page of Stripe's sees within seconds what came of it. */
const POLL_MS = 1_500

/** For the owner where plans are sold; to others there is no such page, as the server says too. */
export default function BillingPage() {
  const { org } = useOrg()
  const config = useServerConfig()
  if (org.role !== 'org_owner' || config.data?.billing === false) return <NotFoundPage />
  return <BillingOfOwner />
}

function BillingOfOwner() {
  const { org } = useOrg()
  const [search] = useSearchParams()
  const isBack = search.get('checkout') === 'done'
  const billing = trpc.billing.overview.useQuery(
    { orgId: org.id, isFresh: isBack },
    { refetchInterval: ({ state }) => (isBack && state.data?.subscription === null ? POLL_MS : false) },
  )
  return (
    <>
      <PageHead title="Billing" />
      {billing.error && (
        <FaultNotice
          error={billing.error}
          title="Billing cannot be shown"
          onRetry={() => void billing.refetch()}
          isRetrying={billing.isFetching}
          className="mb-5"
        />
      )}
      {billing.isPending && (
        <Card isFlush>
          <RowsSkeleton label="Loading your plan" />
        </Card>
      )}
      {billing.data && <Shown billing={billing.data} isBack={isBack} />}
    </>
  )
}

type Paid = PlanOffer & { id: 'business' | 'enterprise' }
const isPaid = (offer: PlanOffer): offer is Paid => offer.id !== 'free'

function Notices({ billing, isBack }: { billing: Billing; isBack: boolean }) {
  return (
    <>
      {isBack && !billing.subscription && (
        <Notice tone="active" role="status" title="Waiting for Stripe">
          <p>Your plan is changed as soon as Stripe says that it is paid. This page shows it by itself.</p>
        </Notice>
      )}
      {!billing.isStripeThere && (
        <Notice tone="warn" title="Stripe cannot be reached">
          <p>
            Prices cannot be shown and nothing can be changed for the moment. Nothing that runs is touched.
          </p>
        </Notice>
      )}
    </>
  )
}

type Press = (offer: Paid, period: Period) => void

/** What the button of a plan does: the first one is paid for at Stripe, another one is changed to. */
function actionsOf(subscription: Billing['subscription'], press: { subscribe: Press; change: Press }) {
  return (offer: PlanOffer, period: Period) => {
    if (!isPaid(offer) || !offer[period]) return undefined
    if (!subscription) return { word: `Choose ${offer.name}`, onPress: () => press.subscribe(offer, period) }
    if (subscription.plan === offer.id && subscription.interval === period) return undefined
    return { word: `Change to ${offer.name}`, onPress: () => press.change(offer, period) }
  }
}

/** How many deployments are allowed from now on, or when the subscription has ended; null is no limit. */
function comingLimit({ subscription, plan, offers }: Billing): number | null {
  const coming = subscription?.endsAt ? 'free' : plan
  return offers.find(({ id }) => id === coming)?.limits.deployments ?? null
}

function Shown({ billing, isBack }: { billing: Billing; isBack: boolean }) {
  const { org } = useOrg()
  const utils = trpc.useUtils()
  const [changing, setChanging] = useState<{ offer: Paid; period: Period }>()
  const checkout = trpc.billing.checkout.useMutation({ onSuccess: ({ url }) => location.assign(url) })
  const { subscription, offers, used, plan } = billing
  const refresh = async () => {
    await utils.client.billing.overview.query({ orgId: org.id, isFresh: true }).catch(() => undefined)
    await Promise.all([utils.billing.invalidate(), utils.orgs.invalidate(), utils.auth.me.invalidate()])
  }
  const actionOf = actionsOf(subscription, {
    subscribe: (offer, period) => checkout.mutate({ orgId: org.id, plan: offer.id, interval: period }),
    change: (offer, period) => setChanging({ offer, period }),
  })
  const limit = comingLimit(billing)
  return (
    <div className="space-y-5">
      <Notices billing={billing} isBack={isBack} />
      <Present billing={billing} onChanged={refresh} />
      {checkout.error && <FaultNotice error={checkout.error} title="Nothing was bought" />}
      <PlanCards
        offers={offers}
        current={plan}
        period={subscription?.interval ?? undefined}
        isBusy={checkout.isPending}
        actionOf={actionOf}
      />
      {limit !== null && used.deployments.used > limit && <DeploymentsKeep limit={limit} />}
      <Card title="What is used">
        <div className="space-y-3">
          <QuotaMeter quota={used.deployments} what="deployment" />
          <QuotaMeter quota={used.members} what="member" />
          <QuotaMeter quota={used.teams} what="team" />
          <QuotaMeter quota={used.customDomains} what="custom domain" />
        </div>
      </Card>
      {billing.isCustomer && <BillingRecords />}
      {changing && (
        <PlanChange
          {...changing}
          exceeding={exceedingOf(used, changing.offer)}
          onDone={() => {
            setChanging(undefined)
            void refresh()
          }}
          onClose={() => setChanging(undefined)}
        />
      )}
    </div>
  )
}

function Present({ billing, onChanged }: { billing: Billing; onChanged: () => Promise<void> }) {
  const { org } = useOrg()
  const { subscription, offers, plan, isCustomer } = billing
  const portal = trpc.billing.portal.useMutation({ onSuccess: ({ url }) => location.assign(url) })
  const name = offers.find(({ id }) => id === plan)?.name ?? plan
  return (
    <Card title={`Your plan is ${name}`} description={sentenceOf(billing)}>
      {portal.error && <FaultNotice error={portal.error} title="Stripe did not open" className="mb-3" />}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {isCustomer && (
          <Button isBusy={portal.isPending} onClick={() => portal.mutate({ orgId: org.id })}>
            Cards, addresses and invoices at Stripe
          </Button>
        )}
        {subscription && <EndOrGoOn endsAt={subscription.endsAt} onChanged={onChanged} />}
      </div>
    </Card>
  )
}

function EndOrGoOn({ endsAt, onChanged }: { endsAt: string | null; onChanged: () => Promise<void> }) {
  const { org } = useOrg()
  const done = { onSuccess: () => void onChanged() }
  const cancel = trpc.billing.cancel.useMutation(done)
  const resume = trpc.billing.resume.useMutation(done)
  const error = cancel.error ?? resume.error
  const asked = { orgId: org.id }
  return (
    <>
      {endsAt === null ? (
        <Button variant="ghost" isBusy={cancel.isPending} onClick={() => cancel.mutate(asked)}>
          Cancel at the end of the period
        </Button>
      ) : (
        <Button variant="primary" isBusy={resume.isPending} onClick={() => resume.mutate(asked)}>
          Go on with the subscription
        </Button>
      )}
      {error && <FaultNotice error={error} title="Nothing was changed" className="basis-full" />}
    </>
  )
}

function sentenceOf({ subscription }: Billing): string {
  if (!subscription) return 'Nothing is charged. A larger plan begins when you have paid for it.'
  const { endsAt, trialEnd, currentPeriodEnd, status } = subscription
  if (endsAt !== null) return `It ends on ${formatDay(endsAt)}. After that the free plan holds.`
  if (status === 'trialing' && trialEnd !== null)
    return `It is free until ${formatDay(trialEnd)}, and is charged from then on.`
  if (currentPeriodEnd === null) return 'It goes on until you cancel it.'
  return `It is renewed on ${formatDay(currentPeriodEnd)}.`
}
