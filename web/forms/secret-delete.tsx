import type { DeploymentId } from '../../src/contract/ids.ts'
import type { SecretView } from '../../src/modules/secrets/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showToast } from '../ui/toast.tsx'

interface SecretDeleteProps {
  id: DeploymentId
  secret: SecretView
  onClose: () => void
}

export function SecretDeleteDialog({ id, secret, onClose }: SecretDeleteProps) {
  const utils = trpc.useUtils()
  const remove = trpc.secrets.delete.useMutation({
    onSuccess: () => {
      void utils.secrets.list.invalidate({ id })
      showToast({ tone: 'good', title: `${secret.key} is deleted` })
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Delete ${secret.key}?`}
      description="The services run without it from then on, in new pods."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="danger"
            isBusy={remove.isPending}
            onClick={() => remove.mutate({ id, keys: [secret.key] })}
          >
            Delete
          </Button>
        </>
      }
    >
      {remove.error && <FaultNotice error={remove.error} title="It was not deleted" />}
    </Dialog>
  )
}
