import { useState } from 'react'

import type { OrgId, UserId } from '../../src/contract/ids.ts'
import type { MemberView } from '../../src/modules/members/schema.ts'
import { trpc } from '../api/trpc.ts'
import { count } from '../lib/format.ts'
import { showToast } from '../ui/toast.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { MemberPick } from './member-pick.tsx'

interface RemoveProps {
  orgId: OrgId
  member: MemberView
  others: readonly MemberView[]
  onClose: () => void
}

/** Deployments of who goes need a new owner, who is chosen here. */
export function MemberRemoveDialog({ orgId, member, others, onClose }: RemoveProps) {
  const { userId, name, deployments } = member
  const [moveTo, setMoveTo] = useState<UserId>()
  const utils = trpc.useUtils()
  const remove = trpc.members.remove.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: `${name} is not a member any more` })
      onClose()
    },
    onSettled: () => {
      void utils.members.invalidate()
      void utils.teams.invalidate()
      void utils.orgs.get.invalidate()
      void utils.invitations.invalidate()
    },
  })
  const hasDeployments = (deployments ?? 0) > 0
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      description="All roles in teams and all API keys of this organisation end at once, and so do open streams and terminals."
      word="Remove"
      isBusy={remove.isPending}
      isReady={!hasDeployments || moveTo !== undefined}
      error={remove.error}
      onConfirm={() => remove.mutate({ orgId, userId, ...(moveTo === undefined ? {} : { moveTo }) })}
      onClose={onClose}
    >
      {hasDeployments && (
        <MemberPick
          label={`New owner of ${count(deployments ?? 0, 'deployment')}`}
          hint="They go on running where they are."
          members={others}
          value={moveTo}
          onChange={setMoveTo}
        />
      )}
    </ConfirmDialog>
  )
}
