import { useState } from 'react'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { useWhyNot } from '../components/use-why-not.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { showToast } from '../ui/toast.tsx'
import { HeirDialog } from './heir-dialog.tsx'

/** Who answers for the deployment, and how another member comes to. */
export function DeploymentTransfer({ deployment }: { deployment: DeploymentView }) {
  const [isAsked, setAsked] = useState(false)
  const reason = useWhyNot(deployment)('deployment:transfer')
  return (
    <Card title="Owner">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="min-w-0 wrap-anywhere">
          {deployment.owner.name} <span className="text-muted">answers for it.</span>
        </p>
        <Button disabled={reason !== undefined} title={reason} onClick={() => setAsked(true)}>
          Hand over
        </Button>
      </div>
      {isAsked && <TransferDialog deployment={deployment} onClose={() => setAsked(false)} />}
    </Card>
  )
}

function TransferDialog({ deployment, onClose }: { deployment: DeploymentView; onClose: () => void }) {
  const { id, displayName, owner } = deployment
  const { org } = useSession()
  const utils = trpc.useUtils()
  const transfer = trpc.deployments.transfer.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: `${displayName} has another owner now` })
      onClose()
      void utils.deployments.invalidate()
      void utils.members.invalidate()
    },
  })
  return (
    <HeirDialog
      title={`Hand over ${displayName}?`}
      description="It goes on running where it is. Who may do what with it stays as it is, too: that is a matter of the team."
      orgId={org.id}
      ownerId={owner.id}
      hint="There is no other member. Invite somebody first."
      isBusy={transfer.isPending}
      error={transfer.error}
      onChoose={(userId) => transfer.mutate({ id, userId })}
      onClose={onClose}
    />
  )
}
