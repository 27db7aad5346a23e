import { useState } from 'react'

import type { PlanOffer } from '../../src/modules/billing/schema.ts'
import { count, formatBytes } from '../lib/format.ts'
import { formatMoney } from '../lib/money.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { Segments } from '../ui/segments.tsx'

export type Period = 'month' | 'year'

const PERIODS: Readonly<Record<Period, string>> = { month: 'Monthly', year: 'Yearly' }

interface PlanCardsProps {
  offers: readonly PlanOffer[]
  /** The one that the organisation has; undefined: none was chosen yet. */
  current: PlanOffer['id'] | undefined
  /** The period that is paid for now. */
  period: Period | undefined
  isBusy: boolean
  /** What the button of a plan says and does; undefined: it has none. */
  actionOf: (offer: PlanOffer, period: Period) => { word: string; onPress: () => void } | undefined
}

/** What each plan allows and costs, side by side. */
export function PlanCards({ offers, current, period: paid, isBusy, actionOf }: PlanCardsProps) {
  const [period, setPeriod] = useState<Period>(paid ?? 'month')
  return (
    <div className="space-y-4">
      <Segments label="Paid by the" options={PERIODS} value={period} onChange={setPeriod} />
      <ul className="grid gap-4 md:grid-cols-3">
        {offers.map((offer) => (
          <PlanCard
            key={offer.id}
            offer={offer}
            period={period}
            isCurrent={offer.id === current}
            isBusy={isBusy}
            action={actionOf(offer, period)}
          />
        ))}
      </ul>
    </div>
  )
}

interface PlanCardProps {
  offer: PlanOffer
  period: Period
  isCurrent: boolean
  isBusy: boolean
  action: { word: string; onPress: () => void } | undefined
}

function PlanCard({ offer, period, isCurrent, isBusy, action }: PlanCardProps) {
  return (
    <li
      className={cx(
        'flex flex-col rounded-card border bg-surface p-4 shadow-card',
        isCurrent ? 'border-accent' : 'border-line',
      )}
    >
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-semibold">{offer.name}</h3>
        {isCurrent && <Badge tone="active">Your plan</Badge>}
      </div>
      <p className="figures mt-1 text-muted">{priceText(offer, period)}</p>
      <ul className={cx('mt-3 flex-1 space-y-1', action && 'mb-4')}>
        {limitsOf(offer).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {action && (
        <Button variant={isCurrent ? 'secondary' : 'primary'} isBusy={isBusy} onClick={action.onPress}>
          {action.word}
        </Button>
      )}
    </li>
  )
}

function priceText(offer: PlanOffer, period: Period): string {
  if (offer.id === 'free') return 'Costs nothing'
  const price = offer[period]
  if (!price) return `Not sold by the ${period} now`
  const trial = offer.trialDays > 0 ? `, ${count(offer.trialDays, 'day')} free at first` : ''
  return `${formatMoney(price.amount, price.currency)} a ${period}${trial}`
}

const some = (limit: number | null, noun: string): string =>
  limit === null ? `Any number of ${noun}s` : count(limit, noun)

const limitsOf = ({ limits }: PlanOffer): string[] => [
  some(limits.deployments, 'deployment'),
  some(limits.members, 'member'),
  some(limits.teams, 'team'),
  limits.customDomains === 0 ? 'No custom domains' : some(limits.customDomains, 'custom domain'),
  `${limits.cpu} CPUs, ${formatBytes(limits.memory)} of memory and ${formatBytes(limits.storage)} of storage for each member`,
  `Logs of ${count(limits.logRetentionDays, 'day')}`,
]
