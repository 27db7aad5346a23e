import { Inbox } from 'lucide-react'
import { useMemo, useState } from 'react'

import { trpc } from '../api/trpc.ts'
import { EventRow } from '../components/event-row.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowOlder } from '../components/show-older.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Segments } from '../ui/segments.tsx'

const CHOICES = { all: 'All', waiting: 'Waiting', idle: 'Without effect' } as const
type Which = keyof typeof CHOICES

const EMPTY: Record<Which, string> = {
  all: 'Stripe has told nothing yet. Events appear here as soon as somebody subscribes.',
  waiting: 'Every event was worked on.',
  idle: 'Every event was about a customer of this installation.',
}

export default function StripeInboxPage() {
  const [which, setWhich] = useState<Which>('all')
  const pages = trpc.stripeInbox.list.useInfiniteQuery(
    { which },
    // What waits is worked on within seconds, and nobody tells this page.
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined, refetchInterval: 10_000 },
  )
  const events = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const waiting = pages.data?.pages[0]?.waiting
  return (
    <>
      <PageHead title="Stripe inbox">
        <p className="text-muted">
          What Stripe has told, and what came of it.
          {waiting !== undefined && (waiting === 0 ? ' Nothing waits.' : ` Waiting now: ${waiting}.`)}
        </p>
      </PageHead>
      <div className="mb-4">
        <Segments label="Which events" options={CHOICES} value={which} onChange={setWhich} />
      </div>
      {pages.error && (
        <FaultNotice
          error={pages.error}
          title="The inbox could not be loaded"
          onRetry={() => void pages.refetch()}
          isRetrying={pages.isFetching}
          className="mb-4"
        />
      )}
      {!pages.error && (
        <Card isFlush>
          {pages.isPending ? (
            <RowsSkeleton label="Loading the inbox" />
          ) : events.length === 0 ? (
            <EmptyState icon={<Inbox />} title="Nothing here">
              {EMPTY[which]}
            </EmptyState>
          ) : (
            <ul aria-label="Events" className="divide-y divide-line">
              {events.map((event) => (
                <EventRow key={event.id} event={event} />
              ))}
            </ul>
          )}
        </Card>
      )}
      <ShowOlder pages={pages} />
    </>
  )
}
