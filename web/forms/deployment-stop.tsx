import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showToast } from '../ui/toast.tsx'

interface StopProps {
  deployment: DeploymentView
  onClose: () => void
}

/** Nothing is lost by it, but whoever uses the app gets no answer. */
export function DeploymentStopDialog({ deployment: { id, displayName }, onClose }: StopProps) {
  const stop = trpc.deployments.suspend.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: `${displayName} is being stopped` })
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Stop ${displayName}?`}
      description="All its pods stop, and its address answers nothing until it is started again. Its data, its secrets and its settings stay."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" isBusy={stop.isPending} onClick={() => stop.mutate({ id })}>
            Stop
          </Button>
        </>
      }
    >
      {stop.error && <FaultNotice error={stop.error} title="It was not stopped" />}
    </Dialog>
  )
}
