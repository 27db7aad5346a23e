import { Building2 } from 'lucide-react'
import { useMemo, useState } from 'react'

import type { AnyOrg } from '../../src/modules/orgs/schema.ts'
import { useServerConfig } from '../api/server-config.ts'
import { trpc } from '../api/trpc.ts'
import { AnyOrgRow } from '../components/any-org-row.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { ShowOlder } from '../components/show-older.tsx'
import { OrgCreditDialog } from '../forms/org-credit.tsx'
import { OrgSuspendDialog } from '../forms/org-suspend.tsx'
import { useDebounced } from '../lib/use-debounced.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Select } from '../ui/field.tsx'
import { SearchInput } from '../ui/search-input.tsx'

const TYPING_MS = 200

type Which = 'all' | 'suspended'

/** All organisations of the installation, and how to stop one. */
export default function AdminOrgsPage() {
  const [typed, setTyped] = useState('')
  const [which, setWhich] = useState<Which>('all')
  const [toSuspend, setToSuspend] = useState<AnyOrg>()
  const [toCredit, setToCredit] = useState<AnyOrg>()
  const search = useDebounced(typed.trim(), TYPING_MS)
  const pages = trpc.orgs.listAll.useInfiniteQuery(
    { which, ...(search === '' ? {} : { search }) },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined, placeholderData: (before) => before },
  )
  const orgs = useMemo(() => pages.data?.pages.flatMap(({ items }) => items), [pages.data])
  return (
    <>
      <PageHead title="Organisations">
        <p className="text-muted">
          Everybody’s, on this installation. What is in them is theirs: you see how they stand, and can stop
          one.
        </p>
      </PageHead>
      <Filter {...{ typed, which }} onType={setTyped} onChoose={setWhich} />
      {pages.error && (
        <FaultNotice
          error={pages.error}
          title="The organisations cannot be shown"
          onRetry={() => void pages.refetch()}
          isRetrying={pages.isFetching}
          className="mb-4"
        />
      )}
      {!pages.error && (
        <Card isFlush>
          {orgs ? (
            <List {...{ orgs, isSearch: search !== '' }} onSuspend={setToSuspend} onCredit={setToCredit} />
          ) : (
            <RowsSkeleton label="Loading the organisations" />
          )}
        </Card>
      )}
      <ShowOlder pages={pages} />
      {toSuspend && <OrgSuspendDialog org={toSuspend} onClose={() => setToSuspend(undefined)} />}
      {toCredit && <OrgCreditDialog org={toCredit} onClose={() => setToCredit(undefined)} />}
    </>
  )
}

interface FilterProps {
  typed: string
  which: Which
  onType: (typed: string) => void
  onChoose: (which: Which) => void
}

function Filter({ typed, which, onType, onChoose }: FilterProps) {
  return (
    <search className="mb-4 flex flex-wrap gap-2">
      <SearchInput
        label="Search by name or owner’s address"
        maxLength={320}
        value={typed}
        onChange={({ target }) => onType(target.value)}
        className="min-w-full flex-1 sm:max-w-sm sm:min-w-48"
      />
      <Select
        aria-label="Which organisations"
        value={which}
        onChange={({ target }) => onChoose(target.value === 'suspended' ? 'suspended' : 'all')}
      >
        <option value="all">All</option>
        <option value="suspended">Suspended</option>
      </Select>
    </search>
  )
}

interface ListProps {
  orgs: readonly AnyOrg[]
  isSearch: boolean
  onSuspend: (org: AnyOrg) => void
  onCredit: (org: AnyOrg) => void
}

function List({ orgs, isSearch, onSuspend, onCredit }: ListProps) {
  const isPaidFor = useServerConfig().data?.billing ?? false
  if (orgs.length === 0) {
    return (
      <EmptyState icon={<Building2 />} title="There is none">
        {isSearch ? 'No organisation and no owner is called so.' : 'No organisation is suspended.'}
      </EmptyState>
    )
  }
  return (
    <ul aria-label="Organisations" className="divide-y divide-line">
      {orgs.map((org) => (
        <AnyOrgRow
          key={org.id}
          org={org}
          onSuspend={() => onSuspend(org)}
          onCredit={isPaidFor ? () => onCredit(org) : undefined}
        />
      ))}
    </ul>
  )
}
