import { useState } from 'react'

import type { OrgId, UserId } from '../../src/contract/ids.ts'
import { trpc } from '../api/trpc.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { MemberPick } from './member-pick.tsx'

interface Props {
  readonly title: string
  readonly description: string
  readonly orgId: OrgId
  /** Whose it is now, and who cannot be chosen therefore. */
  readonly ownerId: UserId
  /** Where there is nobody else. */
  readonly hint: string
  readonly isBusy: boolean
  readonly error: Parameters<typeof ConfirmDialog>[0]['error']
  readonly onChoose: (heir: UserId) => void
  readonly onClose: () => void
}

/** Asks which member of an organisation something is handed over to. */
export function HeirDialog({ orgId, ownerId, hint, error, onChoose, ...dialog }: Props) {
  const [heir, setHeir] = useState<UserId>()
  const members = trpc.members.list.useQuery({ orgId })
  const others = members.data?.filter(({ userId }) => userId !== ownerId)
  return (
    <ConfirmDialog
      {...dialog}
      word="Hand over"
      isReady={heir !== undefined}
      error={error ?? members.error}
      onConfirm={() => heir && onChoose(heir)}
    >
      <MemberPick
        label="New owner"
        members={others ?? []}
        value={heir}
        onChange={setHeir}
        {...(others?.length === 0 ? { hint } : {})}
      />
    </ConfirmDialog>
  )
}
