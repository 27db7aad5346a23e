import type { ReactNode } from 'react'

import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

interface ConfirmProps {
  title: string
  description: ReactNode
  /** On the button. */
  word: string
  /** Nothing is lost by it. */
  isHarmless?: boolean
  isBusy: boolean
  isReady?: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
  children?: ReactNode
}

/** Asks before something is done that cannot be taken back by a press. */
export function ConfirmDialog(props: ConfirmProps) {
  const { title, description, word, isHarmless = false, isBusy, isReady = true, error, children } = props
  const { onConfirm, onClose } = props
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant={isHarmless ? 'primary' : 'danger'}
            isBusy={isBusy}
            disabled={!isReady}
            onClick={onConfirm}
          >
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
