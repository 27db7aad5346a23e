import type { MySession } from '../../src/modules/sessions/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showToast } from '../ui/toast.tsx'

/** One session, or all but this one. */
export type Revoked = MySession | 'others'

/** Asks before somebody is signed out elsewhere. */
export function RevokeSessionDialog({ revoked, onClose }: { revoked: Revoked; onClose: () => void }) {
  const { sessions } = trpc.useUtils()
  const done = {
    onSuccess: ({ ended }: { ended: number }) => {
      showToast({
        tone: 'good',
        title: ended === 1 ? 'The session has ended' : `${ended} sessions have ended`,
      })
      onClose()
    },
    // Also when there was no such session any more: the list was old.
    onSettled: () => void sessions.list.invalidate(),
  }
  const one = trpc.sessions.revoke.useMutation(done)
  const others = trpc.sessions.revokeOthers.useMutation(done)
  const { error, isPending } = revoked === 'others' ? others : one
  const end = () => (revoked === 'others' ? others.mutate() : one.mutate({ sessionId: revoked.id }))
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={revoked === 'others' ? 'End all other sessions?' : `End the session of ${revoked.device}?`}
      description={
        <p>
          {revoked === 'others'
            ? 'You stay signed in here. Every other browser is signed out at once, and what it shows live stops.'
            : 'That browser is signed out at once, and what it shows live stops.'}
        </p>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" isBusy={isPending} onClick={end}>
            {revoked === 'others' ? 'End all others' : 'End the session'}
          </Button>
        </>
      }
    >
      {error && <FaultNotice error={error} title="Nothing was ended" />}
    </Dialog>
  )
}
