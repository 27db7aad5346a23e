import { useState } from 'react'

import type { UserId } from '../../src/contract/ids.ts'
import { trpc } from '../api/trpc.ts'
import { useMe } from '../api/session.tsx'
import { useOrg } from '../components/use-org.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { showToast } from '../ui/toast.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { MemberPick } from './member-pick.tsx'

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
  const [heir, setHeir] = useState<UserId>()
  const utils = trpc.useUtils()
  const members = trpc.members.list.useQuery({ orgId: org.id })
  const transfer = trpc.orgs.transfer.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: `${name} has another owner now` })
      onClose()
      void utils.members.invalidate()
      void utils.auth.me.invalidate()
    },
  })
  return (
    <ConfirmDialog
      title={`Hand over ${name}?`}
      description="Only the new owner can give it back."
      word="Hand over"
      isBusy={transfer.isPending}
      isReady={heir !== undefined}
      error={transfer.error ?? members.error}
      onConfirm={() => heir && transfer.mutate({ orgId: org.id, userId: heir })}
      onClose={onClose}
    >
      <MemberPick
        label="New owner"
        members={(members.data ?? []).filter(({ userId }) => userId !== user.id)}
        value={heir}
        onChange={setHeir}
        {...(members.data?.length === 1 ? { hint: 'You are its only member. Invite somebody first.' } : {})}
      />
    </ConfirmDialog>
  )
}
