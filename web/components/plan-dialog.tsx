import type { DeploymentPlan } from '../../src/modules/deployments/schema.ts'
import { count, withoutScheme } from '../lib/format.ts'
import type { ReactNode } from 'react'

import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { FaultNotice } from './fault-notice.tsx'
import { PlannedObjects } from './planned-objects.tsx'

interface PlanDialogProps {
  isOpen: boolean
  onClose: () => void
  plan: DeploymentPlan | undefined
  error: unknown
  /** What carries it out. */
  action: ReactNode
}

function summaryOf({ objects, namespace }: DeploymentPlan): string {
  const parts = (['create', 'change', 'remove'] as const).flatMap((action) => {
    const number = objects.filter((object) => object.action === action).length
    const verb = { create: 'created', change: 'changed', remove: 'removed' }[action]
    return number === 0 ? [] : [`${count(number, 'object')} ${verb}`]
  })
  return `${parts.join(', ') || 'Nothing changes'} in the namespace ${namespace}.`
}

/** What exactly would happen in the cluster, before it does. */
export function PlanDialog({ isOpen, onClose, plan, error, action }: PlanDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="wide"
      title="The plan"
      description={plan ? summaryOf(plan) : 'What would happen in the cluster.'}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          {plan && action}
        </>
      }
    >
      {error !== null && error !== undefined && <FaultNotice error={error} title="There is no plan" />}
      {plan && <Plan plan={plan} />}
      {!plan && !error && <PlanSkeleton />}
    </Dialog>
  )
}

function Plan({ plan }: { plan: DeploymentPlan }) {
  return (
    <div className="space-y-4">
      {plan.warnings.map(({ code, sentence }) => (
        <Notice key={sentence} tone="warn" title={code === '' ? 'Good to know' : 'Before you go on'}>
          <p>{sentence}</p>
        </Notice>
      ))}
      {plan.urls.length > 0 && (
        <p>
          It will answer at{' '}
          {plan.urls.map((url, index) => (
            <span key={url}>
              {index > 0 && ', '}
              <span className="font-medium wrap-anywhere">{withoutScheme(url)}</span>
            </span>
          ))}
          .
        </p>
      )}
      <PlannedObjects objects={plan.objects} />
    </div>
  )
}

function PlanSkeleton() {
  return (
    <div role="status" aria-label="Making the plan" className="space-y-2">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <Skeleton key={key} className="h-10 w-full" />
      ))}
    </div>
  )
}
