import { KeyRound } from 'lucide-react'
import type { ReactNode } from 'react'

import type { KeyView } from '../../src/modules/api-keys/schema.ts'
import { useNow } from '../lib/clock.ts'
import { formatInstant } from '../lib/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Age } from './age.tsx'

interface ApiKeyListProps {
  keys: readonly KeyView[]
  /** What stands there when there are none. */
  none: ReactNode
  onRevoke: (key: KeyView) => void
}

/** Keys as they are known again: by name and first characters. */
export function ApiKeyList({ keys, none, onRevoke }: ApiKeyListProps) {
  return (
    <Card isFlush>
      {keys.length === 0 ? (
        <EmptyState icon={<KeyRound />} title="No API keys">
          {none}
        </EmptyState>
      ) : (
        <ul aria-label="API keys" className="divide-y divide-line">
          {keys.map((key) => (
            <ApiKeyRow key={key.id} item={key} onRevoke={() => onRevoke(key)} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function ApiKeyRow({ item, onRevoke }: { item: KeyView; onRevoke: () => void }) {
  const { name, prefix, scopes, org, team, createdBy, createdAt, lastUsedAt } = item
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72 space-y-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium wrap-anywhere">{name}</span>
          <code className="font-mono text-xs text-muted">{prefix}…</code>
          <Expiry at={item.expiresAt} />
        </p>
        <ul aria-label="Scopes" className="flex flex-wrap gap-1">
          {scopes.map((scope) => (
            <li key={scope}>
              <Badge>{scope}</Badge>
            </li>
          ))}
        </ul>
        <p className="text-xs text-muted wrap-anywhere">
          {team ? `Team ${team.name}` : org.name} · made by {createdBy.name} <Age at={createdAt} /> ·{' '}
          {lastUsedAt === null ? (
            'never used'
          ) : (
            <>
              last used <Age at={lastUsedAt} />
            </>
          )}
        </p>
      </div>
      <Button aria-label={`Revoke ${name}`} onClick={onRevoke}>
        Revoke
      </Button>
    </li>
  )
}

function Expiry({ at }: { at: string | null }) {
  const now = useNow()
  if (at === null) return <Badge tone="warn">never expires</Badge>
  if (Date.parse(at) <= now) return <Badge tone="bad">expired</Badge>
  return <span className="text-xs text-muted">until {formatInstant(at)}</span>
}

export function ApiKeysSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the API keys"
      className="divide-y divide-line rounded-card border border-line bg-surface"
    >
      {['a', 'b'].map((row) => (
        <div key={row} className="space-y-2 px-4 py-3.5">
          <Skeleton className="h-4 w-56" />
          <Skeleton className="h-3.5 w-80 max-w-full" />
        </div>
      ))}
    </div>
  )
}
