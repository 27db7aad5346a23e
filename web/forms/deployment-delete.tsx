import { useState, type SubmitEvent } from 'react'
import { useNavigate } from 'react-router'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { paths } from '../lib/paths.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showToast } from '../ui/toast.tsx'
import { isTypedRight, TypedName } from './typed-name.tsx'

interface DeleteProps {
  deployment: DeploymentView
  onClose: () => void
}

const FORM = 'delete-deployment'

/** What is gone is gone, so its name has to be typed. */
export function DeploymentDeleteDialog({ deployment, onClose }: DeleteProps) {
  const { id, displayName } = deployment
  const [typed, setTyped] = useState('')
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const remove = trpc.deployments.delete.useMutation({
    onSuccess: async () => {
      showToast({ tone: 'good', title: `${displayName} is being deleted` })
      void utils.deployments.invalidate()
      void utils.orgs.get.invalidate()
      await navigate(paths.deployments())
    },
  })
  const isMatching = isTypedRight(typed, displayName)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (isMatching) remove.mutate({ id })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Delete ${displayName}?`}
      description="Its pods, its volumes that are not kept, its secrets and its addresses go, and do not come back."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="danger" disabled={!isMatching} isBusy={remove.isPending}>
            Delete
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={submit} className="space-y-4">
        <TypedName name={displayName} typed={typed} onType={setTyped} />
        {remove.error && <FaultNotice error={remove.error} title="It was not deleted" />}
      </form>
    </Dialog>
  )
}
