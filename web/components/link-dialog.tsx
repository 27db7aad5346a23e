import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Where no mail is sent, whoever invites hands the link over. It is shown this once. */
export function LinkDialog({ link, onClose }: { link: string; onClose: () => void }) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Hand this link over"
      description="This installation sends no mail. The link is shown only now; it works once, for the invited address alone."
      footer={<Button onClick={onClose}>Done</Button>}
    >
      <div className="flex items-start gap-2">
        <code className="min-w-0 flex-1 rounded-control bg-sunken px-2.5 py-2 font-mono text-xs wrap-anywhere select-all">
          {link}
        </code>
        <CopyButton text={link} what="the link" />
      </div>
    </Dialog>
  )
}
