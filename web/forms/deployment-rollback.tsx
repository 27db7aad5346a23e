import { useState } from 'react'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showToast } from '../ui/toast.tsx'

interface RollbackProps {
  deployment: DeploymentView
  /** The one that is to run again. */
  revision: number
  onClose: () => void
}

/** Nothing is lost by it: what runs now stays in the history, and one can go back to that too. */
export function RollbackDialog({ deployment, revision, onClose }: RollbackProps) {
  const { id, suspended } = deployment
  // What one had before one's eyes when one asked; what came after it is not undone unseen.
  const [baseRevision] = useState(deployment.revision)
  const utils = trpc.useUtils()
  const rollback = trpc.deployments.rollback.useMutation({
    onSuccess: async (changed) => {
      showToast({
        tone: 'good',
        title: `Revision ${changed.revision} repeats revision ${revision}`,
        detail: suspended
          ? 'It runs when it is started.'
          : 'New pods replace the old ones, one after another.',
      })
      onClose()
      await Promise.all([
        utils.deployments.revisions.list.invalidate({ id }),
        utils.secrets.list.invalidate({ id }),
      ])
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Go back to revision ${revision}?`}
      description={
        <>
          A new revision repeats it: its images, variables, config files and numbers of pods, and its secrets
          as they were then. {suspended ? 'It stays stopped. ' : 'New pods replace the old ones. '}
          Its addresses, and the data in its volumes, stay as they are now.
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={rollback.isPending}
            onClick={() => rollback.mutate({ id, revision, baseRevision })}
          >
            Go back
          </Button>
        </>
      }
    >
      {rollback.error && <FaultNotice error={rollback.error} title="It did not go back" />}
    </Dialog>
  )
}
