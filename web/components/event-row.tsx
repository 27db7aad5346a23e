import type { InboxEvent } from '../../src/modules/stripe-inbox/schema.ts'
import { describeError } from '../api/errors.ts'
import { trpc } from '../api/trpc.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { Age } from './age.tsx'
import { eventWord } from './event-words.ts'

/** An event of Stripe's, with what came of it, and a way to have it worked on again. */
export function EventRow({ event }: { event: InboxEvent }) {
  const { stripeInbox } = trpc.useUtils()
  const replay = trpc.stripeInbox.replay.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: 'The event is worked on again' })
      return stripeInbox.list.invalidate()
    },
    onError: (error) =>
      showToast({ tone: 'bad', title: 'Nothing was changed', detail: describeError(error).sentence }),
  })
  const { tone, word, sentence } = eventWord(event)
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-2">
          <code className="font-mono font-medium wrap-anywhere">{event.type}</code>
          <Badge tone={tone}>{word}</Badge>
        </p>
        <p className="wrap-anywhere">{sentence}</p>
        <p className="text-xs text-muted wrap-anywhere">
          {event.org?.name ?? event.customerId ?? 'no customer'} ·{' '}
          {event.source === 'listed' ? 'found in Stripe’s list' : 'received'} <Age at={event.receivedAt} /> ·{' '}
          <code className="font-mono">{event.id}</code>
        </p>
      </div>
      <Button
        aria-label={`Replay ${event.type} ${event.id}`}
        isBusy={replay.isPending}
        onClick={() => replay.mutate({ eventId: event.id })}
      >
        Replay
      </Button>
    </li>
  )
}
