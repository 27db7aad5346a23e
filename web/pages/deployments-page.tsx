import { Plus } from 'lucide-react'
import { useRef } from 'react'
import { Link } from 'react-router'

import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { usePollInterval } from '../api/live-state.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { Announcer } from '../components/announcer.tsx'
import { DeploymentFilters } from '../components/deployment-filters.tsx'
import { DeploymentList, DeploymentListSkeleton } from '../components/deployment-list.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { NoDeployments, NothingFound } from '../components/no-deployments.tsx'
import { PageHead } from '../components/page-head.tsx'
import { isBareTeam, useDeploymentFilter } from '../components/use-deployment-filter.ts'
import { paths } from '../lib/paths.ts'
import { useHotkeys } from '../lib/use-hotkeys.ts'
import { preloadPage } from '../lib/pages.ts'
import { Button, buttonClass } from '../ui/button.tsx'

const PAGE_SIZE = 50

export default function DeploymentsPage() {
  const { team, user, may } = useSession()
  const filter = useDeploymentFilter()
  const search = useRef<HTMLInputElement>(null)
  useHotkeys({ '/': () => search.current?.focus() })

  const list = trpc.deployments.list.useInfiniteQuery(
    { teamId: team.id, limit: PAGE_SIZE, ...filter.asInput(user.id) },
    {
      getNextPageParam: ({ nextCursor }) => nextCursor,
      // While a filter changes, the rows of the one before stay.
      placeholderData: (before) => before,
      refetchInterval: usePollInterval(),
    },
  )
  const items = list.data?.pages.flatMap((page) => page.items)
  const isBare = isBareTeam({ items, isFiltered: filter.isSet, isOfBefore: list.isPlaceholderData })
  const mayCreate = may('deployment:create')

  return (
    <>
      <PageHead title="Deployments" actions={mayCreate && !isBare && <NewDeployment />} />
      {!isBare && <DeploymentFilters filter={filter} searchRef={search} />}
      <Trouble list={list} />
      {list.isPending && <DeploymentListSkeleton />}
      {items && (
        <Found
          items={items}
          isBare={isBare}
          isFading={list.isPlaceholderData}
          mayCreate={mayCreate}
          onClear={filter.clear}
        />
      )}
      <More list={list} />
      <Announcer deployments={items ?? []} />
    </>
  )
}

/** What the parts of the page need of the list's query. */
type List = Pick<
  ReturnType<typeof trpc.deployments.list.useInfiniteQuery>,
  'error' | 'data' | 'refetch' | 'isFetching' | 'hasNextPage' | 'fetchNextPage' | 'isFetchingNextPage'
>

function Trouble({ list: { error, data, refetch, isFetching } }: { list: List }) {
  if (!error) return null
  return (
    <FaultNotice
      error={error}
      title={data ? 'The list could not be brought up to date' : 'The deployments could not be loaded'}
      onRetry={() => void refetch()}
      isRetrying={isFetching}
      className="mb-4"
    />
  )
}

function More({ list: { hasNextPage, fetchNextPage, isFetchingNextPage } }: { list: List }) {
  if (!hasNextPage) return null
  return (
    <div className="mt-4 flex justify-center">
      <Button onClick={() => void fetchNextPage()} isBusy={isFetchingNextPage}>
        Show more
      </Button>
    </div>
  )
}

interface FoundProps {
  items: readonly DeploymentSummary[]
  /** The team has none at all. */
  isBare: boolean
  /** They are those of the filter before. */
  isFading: boolean
  mayCreate: boolean
  onClear: () => void
}

function Found({ items, isBare, isFading, mayCreate, onClear }: FoundProps) {
  if (items.length > 0) return <DeploymentList deployments={items} isFading={isFading} />
  return isBare ? <NoDeployments mayCreate={mayCreate} /> : <NothingFound onClear={onClear} />
}

function NewDeployment() {
  return (
    <Link
      to={paths.templates()}
      onPointerEnter={() => preloadPage('templates')}
      className={buttonClass('primary')}
      aria-keyshortcuts="c"
      title="Press c anywhere"
    >
      <Plus aria-hidden="true" className="size-4" />
      New deployment
    </Link>
  )
}
