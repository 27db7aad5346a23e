import type { ReactNode } from 'react'

import type { OrgId } from '../../src/contract/ids.ts'
import type { AuditEntry } from '../../src/modules/audit/schema.ts'
import { trpc } from '../api/trpc.ts'
import { formatInstant } from '../lib/format.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import type { AuditFilterValues } from './audit-filter.tsx'
import { changeText } from './audit-words.ts'
import { FaultNotice } from './fault-notice.tsx'

interface AuditDetailProps {
  orgId: OrgId
  id: string
  onChoose: (filter: AuditFilterValues) => void
  onClose: () => void
}

/** One row with all that it tells. Its address can be sent to somebody, so it is asked for by itself. */
export function AuditDetail({ orgId, id, onChoose, onClose }: AuditDetailProps) {
  const event = trpc.audit.get.useQuery({ orgId, auditId: id }, { staleTime: Infinity })
  const { data: entry } = event
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="wide"
      title={entry?.action ?? 'What happened'}
      footer={entry && <Further entry={entry} onChoose={onChoose} />}
    >
      {event.isPending && (
        <div role="status" aria-label="Loading what happened" className="space-y-2">
          <Skeleton className="h-4 w-64" />
          <Skeleton className="h-4 w-48" />
        </div>
      )}
      {event.error && (
        <FaultNotice
          error={event.error}
          title="It could not be loaded"
          onRetry={() => void event.refetch()}
          isRetrying={event.isFetching}
        />
      )}
      {entry && <Facts entry={entry} />}
    </Dialog>
  )
}

/** From one row to all of the same person, or about the same thing. */
function Further({ entry, onChoose }: { entry: AuditEntry } & Pick<AuditDetailProps, 'onChoose'>) {
  const { actor, onBehalfOfId, targetId, targetName } = entry
  const actorId = onBehalfOfId ?? actor.id
  return (
    <>
      {actorId !== null && <Button onClick={() => onChoose({ actorId })}>All by {actor.name}</Button>}
      {targetId !== null && (
        <Button onClick={() => onChoose({ targetId })}>All about {targetName ?? 'this'}</Button>
      )}
    </>
  )
}

function Facts({ entry }: { entry: AuditEntry }) {
  const { actor, changes, detail } = entry
  return (
    <div className="space-y-5">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact label="When">{formatInstant(entry.at)}</Fact>
        <Fact label="Who">{actor.name}</Fact>
        <Fact label="As" code={actor.id}>
          {{ user: 'a person', api_key: 'an API key', system: 'Shipyard itself' }[actor.kind]}
        </Fact>
        {entry.onBehalfOfId !== null && <Fact label="For" code={entry.onBehalfOfId} />}
        <Fact label="What" code={entry.targetId}>
          {entry.targetName}
        </Fact>
        <Fact label="Address">{entry.ip ?? 'not known'}</Fact>
        <Fact label="Program">{entry.userAgent ?? 'not known'}</Fact>
        {entry.requestId !== null && <Fact label="Request" code={entry.requestId} />}
        {Object.entries(detail).map(([name, value]) => (
          <Fact key={name} label={name}>
            {changeText(value)}
          </Fact>
        ))}
      </dl>
      {Object.keys(changes).length > 0 && <Changes changes={changes} />}
    </div>
  )
}

function Fact({ label, code, children }: { label: string; code?: string | null; children?: ReactNode }) {
  return (
    <>
      <dt className="text-muted first-letter:uppercase">{label}</dt>
      <dd className="wrap-anywhere">
        {children} {code !== null && code !== undefined && <code className="font-mono text-xs">{code}</code>}
      </dd>
    </>
  )
}

function Changes({ changes }: Pick<AuditEntry, 'changes'>) {
  return (
    <section aria-label="Changes" className="space-y-3">
      <h3 className="font-semibold">Changes</h3>
      {Object.entries(changes).map(([path, { from, to }]) => (
        <dl key={path} className="overflow-hidden rounded-control border border-line">
          <dt className="border-b border-line bg-sunken px-3 py-1.5 font-medium wrap-anywhere">{path}</dt>
          <Side label="Before" value={from} />
          <Side label="After" value={to} />
        </dl>
      ))}
    </section>
  )
}

function Side({ label, value }: { label: string; value: unknown }) {
  return (
    <dd className="gap-x-3 border-t border-line px-3 py-1.5 first-of-type:border-t-0 sm:flex">
      <span className="block w-16 shrink-0 text-xs leading-5 text-muted">{label}</span>
      <span className="block max-h-60 min-w-0 flex-1 overflow-y-auto font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
        {changeText(value)}
      </span>
    </dd>
  )
}
