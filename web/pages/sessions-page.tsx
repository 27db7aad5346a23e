import { LogOut } from 'lucide-react'
import { useState } from 'react'

import type { MySession } from '../../src/modules/sessions/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { SessionRow } from '../components/session-row.tsx'
import { RevokeSessionDialog, type Revoked } from '../forms/session-revoke.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

/** Where one is signed in, and how to end it. */
export default function SessionsPage() {
  const sessions = trpc.sessions.list.useQuery()
  const [chosen, setChosen] = useState<Revoked>()
  const hasOthers = (sessions.data ?? []).some(({ isThis }) => !isThis)
  return (
    <>
      <PageHead
        title="Your sessions"
        actions={
          hasOthers && (
            <Button
              icon={<LogOut aria-hidden="true" className="size-4" />}
              onClick={() => setChosen('others')}
            >
              End all others
            </Button>
          )
        }
      >
        <p className="text-muted">
          Browsers in which you are signed in. End those that you do not know, or no longer use.
        </p>
      </PageHead>
      {sessions.isPending && <SessionsSkeleton />}
      {sessions.error && (
        <FaultNotice
          error={sessions.error}
          title="Your sessions could not be loaded"
          onRetry={() => void sessions.refetch()}
          isRetrying={sessions.isFetching}
        />
      )}
      {sessions.data && <Sessions sessions={sessions.data} onEnd={setChosen} />}
      {chosen && <RevokeSessionDialog revoked={chosen} onClose={() => setChosen(undefined)} />}
    </>
  )
}

interface SessionsProps {
  sessions: MySession[]
  onEnd: (session: MySession) => void
}

/** The one that asks stands first. */
function Sessions({ sessions, onEnd }: SessionsProps) {
  const sorted = sessions.toSorted((a, b) => Number(b.isThis) - Number(a.isThis))
  return (
    <Card isFlush>
      <ul aria-label="Sessions" className="divide-y divide-line">
        {sorted.map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => onEnd(session)} />
        ))}
      </ul>
    </Card>
  )
}

function SessionsSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading your sessions"
      className="divide-y divide-line rounded-card border border-line bg-surface"
    >
      {['a', 'b'].map((key) => (
        <div key={key} className="space-y-2 px-4 py-3.5">
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-3.5 w-64 max-w-full" />
        </div>
      ))}
    </div>
  )
}
