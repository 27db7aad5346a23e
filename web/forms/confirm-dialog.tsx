import type { ReactNode } from 'react'

import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

interface ConfirmProps {
  title: string
  description: ReactNode
  /** On the button. */
  word: string
  isBusy: boolean
  isReady?: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
  children?: ReactNode
}

/** Asks before something is done that cannot be taken back by a press. */
export function ConfirmDialog(props: ConfirmProps) {
  const { title, description, word, isBusy, isReady = true, error, onConfirm, onClose, children } = props
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" isBusy={isBusy} disabled={!isReady} onClick={onConfirm}>
            {word}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {children}
        {error !== null && error !== undefined && <FaultNotice error={error} title="Nothing was changed" />}
      </div>
    </Dialog>
  )
}
