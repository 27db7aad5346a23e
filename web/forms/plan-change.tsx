import type { PlanOffer } from '../../src/modules/billing/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import type { Period } from '../components/plan-cards.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { useOrg } from '../components/use-org.ts'
import { formatInstant } from '../lib/format.ts'
import { formatMoney } from '../lib/money.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showToast } from '../ui/toast.tsx'

interface PlanChangeProps {
  offer: PlanOffer & { id: 'business' | 'enterprise' }
  period: Period
  /** What of the organisation is more than that plan allows, in words. */
  exceeding: readonly string[]
  onDone: () => void
  onClose: () => void
}

/** Shows what a change costs before it is made; what is shown is what is charged. */
export function PlanChange({ offer, period, exceeding, onDone, onClose }: PlanChangeProps) {
  const { org } = useOrg()
  const asked = { orgId: org.id, plan: offer.id, interval: period }
  const preview = trpc.billing.previewChange.useQuery(asked, { staleTime: 0, gcTime: 0 })
  const change = trpc.billing.changePlan.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: `Your plan is ${offer.name} now` })
      onDone()
    },
  })
  const { data } = preview
  const error = preview.error ?? change.error
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Change to ${offer.name}, paid by the ${period}`}
      description="It is changed at once, and what is left of the period is set off."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={change.isPending}
            disabled={!data}
            onClick={() => data && change.mutate({ ...asked, prorationAt: data.prorationAt })}
          >
            Change the plan
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {error && <FaultNotice error={error} title="The plan was not changed" />}
        {preview.isPending && <RowsSkeleton label="Asking what it costs" />}
        {data && (
          <dl className="figures space-y-2">
            {data.lines.map(({ description, amount }, at) => (
              <Line
                key={`${at} ${description}`}
                what={description}
                sum={formatMoney(amount, data.currency)}
              />
            ))}
            <Line
              what={data.dueNow < 0 ? 'Credited now' : 'Charged now'}
              sum={formatMoney(Math.abs(data.dueNow), data.currency)}
              isSum
            />
            <Line
              what={data.next.at === null ? 'Then' : `Then, on ${formatInstant(data.next.at)}`}
              sum={formatMoney(data.next.total, data.currency)}
            />
          </dl>
        )}
        {exceeding.length > 0 && (
          <p>
            That plan allows less than there is: {exceeding.join(', ')}. Nothing is deleted. The newest
            deployments are stopped, unless you choose others to keep.
          </p>
        )}
      </div>
    </Dialog>
  )
}

function Line({ what, sum, isSum = false }: { what: string; sum: string; isSum?: boolean }) {
  return (
    <div className={`flex justify-between gap-4 ${isSum ? 'border-t border-line pt-2 font-medium' : ''}`}>
      <dt className="min-w-0 wrap-anywhere">{what}</dt>
      <dd className="shrink-0">{sum}</dd>
    </div>
  )
}
