import { useState } from 'react'
import { useNavigate } from 'react-router'

import { trpc } from '../api/trpc.ts'
import { useOrg } from '../components/use-org.ts'
import { paths } from '../lib/paths.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { showToast } from '../ui/toast.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { isTypedRight, TypedName } from './typed-name.tsx'

/** What is gone is gone, so its name has to be typed. */
export function OrgDelete() {
  const { org, whyNot } = useOrg()
  const [isAsked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const remove = trpc.orgs.delete.useMutation({
    onSuccess: async () => {
      showToast({
        tone: 'good',
        title: `${org.name} is deleted`,
        detail: 'What it left in the cluster is taken down.',
      })
      await navigate(paths.deployments())
      await utils.auth.me.invalidate()
    },
  })
  const reason = whyNot('org:delete')
  return (
    <Card
      title="Delete"
      description="Members, teams, invitations, keys and secrets go, and volumes that were kept. Deployments have to be deleted before."
    >
      <Button disabled={reason !== undefined} title={reason} onClick={() => setAsked(true)}>
        Delete the organisation
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Delete ${org.name}?`}
          description="Nothing of it comes back."
          word="Delete"
          isBusy={remove.isPending}
          isReady={isTypedRight(typed, org.name)}
          error={remove.error}
          onConfirm={() => remove.mutate({ orgId: org.id })}
          onClose={() => setAsked(false)}
        >
          <TypedName name={org.name} typed={typed} onType={setTyped} />
        </ConfirmDialog>
      )}
    </Card>
  )
}
