import type { KeyView } from '../../src/modules/api-keys/schema.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

interface ApiKeyRevokeProps {
  item: KeyView
  isPending: boolean
  error: unknown
  onRevoke: () => void
  onClose: () => void
}

/** Asks before a key is ended: programs that use it stop working at once. */
export function ApiKeyRevokeDialog({ item, isPending, error, onRevoke, onClose }: ApiKeyRevokeProps) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Revoke ${item.name}?`}
      description="What uses it is refused from now on, and streams that it has open end. This cannot be taken back."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" isBusy={isPending} onClick={onRevoke}>
            Revoke
          </Button>
        </>
      }
    >
      {error !== null && error !== undefined && <FaultNotice error={error} title="The key was not revoked" />}
    </Dialog>
  )
}
