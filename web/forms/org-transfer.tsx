import { useState } from 'react'

import { trpc } from '../api/trpc.ts'
import { useMe } from '../api/session.tsx'
import { useOrg } from '../components/use-org.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { showToast } from '../ui/toast.tsx'
import { HeirDialog } from './heir-dialog.tsx'

/** Hands the organisation to another member. */
export function OrgTransfer() {
  const { org, whyNot } = useOrg()
  const [isAsked, setAsked] = useState(false)
  const reason = whyNot('org:transfer')
  return (
    <Card title="Hand over" description="Another member becomes the owner, and you an administrator.">
      <Button disabled={reason !== undefined} title={reason} onClick={() => setAsked(true)}>
        Hand over the organisation
      </Button>
      {isAsked && <TransferDialog name={org.name} onClose={() => setAsked(false)} />}
    </Card>
  )
}

function TransferDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { org } = useOrg()
  const { user } = useMe()
  const utils = trpc.useUtils()
  const transfer = trpc.orgs.transfer.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: `${name} has another owner now` })
      onClose()
      void utils.members.invalidate()
      void utils.auth.me.invalidate()
    },
  })
  return (
    <HeirDialog
      title={`Hand over ${name}?`}
      description="Only the new owner can give it back."
      orgId={org.id}
      ownerId={user.id}
      hint="You are its only member. Invite somebody first."
      isBusy={transfer.isPending}
      error={transfer.error}
      onChoose={(userId) => transfer.mutate({ orgId: org.id, userId })}
      onClose={onClose}
    />
  )
}
