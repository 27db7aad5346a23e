import type { Finding } from '../../src/modules/garbage/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { consequenceOf, repairWord } from '../components/repair-words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showToast } from '../ui/toast.tsx'

const DONE = {
  deleted: 'is deleted',
  pushed: 'is on its way to the cluster',
  gone: 'was right already',
} as const

/** Asks before a finding is mended: most cannot be taken back. */
export function RepairDialog({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const { garbage } = trpc.useUtils()
  const { target, name } = finding
  const word = repairWord(target)
  const repair = trpc.garbage.repair.useMutation({
    onSuccess: ({ outcome }) => {
      void garbage.report.invalidate()
      showToast({ tone: 'good', title: `${name} ${DONE[outcome]}` })
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={target.of === 'deployment' ? `Push ${name} again?` : `Delete ${name}?`}
      description={
        <>
          <p>{finding.sentence}</p>
          <p>{consequenceOf(finding)}</p>
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant={target.of === 'deployment' ? 'primary' : 'danger'}
            isBusy={repair.isPending}
            onClick={() => repair.mutate({ target })}
          >
            {word}
          </Button>
        </>
      }
    >
      {repair.error && <FaultNotice error={repair.error} title="Nothing was changed" />}
    </Dialog>
  )
}
