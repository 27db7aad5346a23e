import { useState } from 'react'
import { useNavigate } from 'react-router'

import { trpc } from '../api/trpc.ts'
import { useOrg } from '../components/use-org.ts'
import { paths } from '../lib/paths.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { showToast } from '../ui/toast.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'

/** One's own way out. */
export function OrgLeave() {
  const { org, whyNot } = useOrg()
  const [isAsked, setAsked] = useState(false)
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const leave = trpc.orgs.leave.useMutation({
    onSuccess: async () => {
      showToast({ tone: 'good', title: `You are not in ${org.name} any more` })
      await navigate(paths.deployments())
      await utils.auth.me.invalidate()
    },
  })
  const whyStay =
    org.role === 'org_owner'
      ? 'Hand over the organisation first: it has exactly one owner.'
      : whyNot('org:leave')
  return (
    <Card
      title="Leave"
      description="You lose all roles here at once. Deployments that are yours need a new owner first, which an administrator can choose."
    >
      <Button disabled={whyStay !== undefined} title={whyStay} onClick={() => setAsked(true)}>
        Leave the organisation
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Leave ${org.name}?`}
          description="To come back you have to be invited again."
          word="Leave"
          isBusy={leave.isPending}
          error={leave.error}
          onConfirm={() => leave.mutate({ orgId: org.id })}
          onClose={() => setAsked(false)}
        />
      )}
    </Card>
  )
}
