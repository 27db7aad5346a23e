import { Download, ScrollText } from 'lucide-react'
import { useMemo } from 'react'
import { useParams, useSearchParams } from 'react-router'

import type { MyOrg } from '../../src/modules/access/schema.ts'
import type { AuditEntry } from '../../src/modules/audit/schema.ts'
import { trpc } from '../api/trpc.ts'
import { AuditDetail } from '../components/audit-detail.tsx'
import { askedOf, AuditFilter, useAuditFilter, type AuditFilterValues } from '../components/audit-filter.tsx'
import { AuditList, AuditSkeleton } from '../components/audit-list.tsx'
import { exportAddress } from '../components/audit-words.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ShowOlder } from '../components/show-older.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { NotFoundPage } from './not-found-page.tsx'

/** What happened in an organisation, for its owner and its admins. */
export default function AuditPage() {
  const { orgId } = useParams()
  const me = trpc.auth.me.useQuery(undefined, { staleTime: 5 * 60_000 })
  const org = me.data?.orgs.find(({ id }) => id === orgId)
  if (me.data && !org) return <NotFoundPage />
  if (!org) return <Skeleton className="h-8 w-40" />
  if (org.role === 'org_member') {
    return (
      <>
        <PageHead title="Audit" />
        <Notice title="Only the owner and the admins of the organisation read its audit">
          <p>Ask one of them to look for you. What happened to a deployment stands on its own page too.</p>
        </Notice>
      </>
    )
  }
  return <Audit org={org} />
}

function Audit({ org }: { org: MyOrg }) {
  const { chosen, choose, clear } = useAuditFilter()
  const [params, setParams] = useSearchParams()
  const opened = params.get('event')
  const asked = askedOf(chosen)
  const pages = trpc.audit.list.useInfiniteQuery(
    { orgId: org.id, ...asked },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
  )
  const entries = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const open = (event: string | null): void =>
    setParams((before) => {
      const next = new URLSearchParams(before)
      if (event === null) next.delete('event')
      else next.set('event', event)
      return next
    })
  const only = (filter: AuditFilterValues): void =>
    setParams(new URLSearchParams(filter as Record<string, string>))
  return (
    <>
      <PageHead
        title="Audit"
        actions={(['csv', 'jsonl'] as const).map((format) => (
          <a key={format} href={exportAddress(org.id, format, asked)} download className={buttonClass()}>
            <Download aria-hidden="true" className="size-4" />
            {format === 'csv' ? 'CSV' : 'JSON lines'}
          </a>
        ))}
      >
        <p className="text-muted">
          Every change in {org.name}: who made it, for whom, from where, and what it was before.
        </p>
      </PageHead>
      <AuditFilter chosen={chosen} names={namesOf(entries)} onChoose={choose} onClear={clear} />
      {pages.error && (
        <FaultNotice
          error={pages.error}
          title="The audit could not be loaded"
          onRetry={() => void pages.refetch()}
          isRetrying={pages.isFetching}
          className="mb-4"
        />
      )}
      {!pages.error && (
        <Card isFlush>
          {pages.isPending ? (
            <AuditSkeleton />
          ) : entries.length === 0 ? (
            <EmptyState icon={<ScrollText />} title="Nothing of the kind happened">
              {Object.keys(chosen).length > 0 ? 'Ask for less, or for other days.' : 'Changes appear here.'}
            </EmptyState>
          ) : (
            <AuditList entries={entries} onOpen={open} />
          )}
        </Card>
      )}
      <ShowOlder pages={pages} />
      {opened !== null && (
        <AuditDetail orgId={org.id} id={opened} onChoose={only} onClose={() => open(null)} />
      )}
    </>
  )
}

/** How those who are chosen by id are called, as far as they are on the page. */
function namesOf(entries: readonly AuditEntry[]): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ actor, targetId, targetName }) => [
      ...(actor.id === null ? [] : [[actor.id, actor.name] as const]),
      ...(targetId === null || targetName === null ? [] : [[targetId, targetName] as const]),
    ]),
  )
}
