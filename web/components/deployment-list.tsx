import { Link } from 'react-router'

import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { isWebAddress, withoutScheme } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import { preloadPage } from '../lib/pages.ts'
import { cx } from '../ui/cx.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { Age } from './age.tsx'
import { Status } from './status.tsx'

/*
 * A table that becomes a list of cards where there is no room for columns. Elements that are no longer laid out
 * as a table lose its meaning for screen readers, hence the roles.
 */
const COLUMNS =
  'md:grid md:grid-cols-[minmax(0,1.15fr)_minmax(0,1.5fr)_minmax(0,1.35fr)_minmax(0,0.7fr)_6rem] md:items-center md:gap-x-4'

const HEADINGS = ['Name', 'Status', 'Address', 'Owner', 'Created'] as const

interface ListProps {
  deployments: readonly DeploymentSummary[]
  /** The rows are those of the filter before. */
  isFading: boolean
}

export function DeploymentList({ deployments, isFading }: ListProps) {
  return (
    <div
      role="table"
      aria-label="Deployments"
      aria-busy={isFading}
      className={cx(SHEET, isFading && 'opacity-60')}
    >
      <Headings />
      <div role="rowgroup">
        {deployments.map((deployment) => (
          <Row key={deployment.id} deployment={deployment} />
        ))}
      </div>
    </div>
  )
}

const SHEET = 'overflow-hidden rounded-card border border-line bg-surface shadow-card transition-opacity'

function Headings() {
  return (
    <div role="rowgroup" className="hidden border-b border-line bg-sunken md:block">
      <div role="row" className={cx(COLUMNS, 'px-4 py-2')}>
        {HEADINGS.map((heading) => (
          <span key={heading} role="columnheader" className="text-xs font-medium text-muted last:text-right">
            {heading}
          </span>
        ))}
      </div>
    </div>
  )
}

const ROW = 'relative border-b border-line px-4 py-3 last:border-0'

function Row({ deployment }: { deployment: DeploymentSummary }) {
  const { id, displayName, template, owner, createdAt } = deployment
  return (
    <div
      role="row"
      className={cx(ROW, COLUMNS, 'flex flex-wrap items-center gap-x-3 gap-y-1 hover:bg-hover')}
    >
      <div role="cell" className="min-w-0 flex-1">
        <Link
          to={paths.deployment(id)}
          onPointerEnter={() => preloadPage('deployment')}
          className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {displayName}
        </Link>
        <span className="block truncate text-muted">{template.displayName}</span>
      </div>
      <div role="cell" className="contents min-w-0 md:block">
        <StatusCell deployment={deployment} />
      </div>
      <div role="cell" className="min-w-0 basis-full truncate">
        <Address deployment={deployment} />
      </div>
      <div role="cell" className="min-w-0 truncate text-muted max-md:order-last max-md:text-xs">
        <span className="md:hidden">by </span>
        {owner.name}
      </div>
      <div role="cell" className="text-right text-muted max-md:order-last max-md:text-xs">
        <Age at={createdAt} />
      </div>
    </div>
  )
}

function StatusCell({ deployment }: { deployment: DeploymentSummary }) {
  const { phase, message, isUpToDate } = deployment
  return (
    <>
      <Status deployment={deployment} />
      {(phase !== 'Ready' || !isUpToDate) && (
        <span
          title={message}
          className={cx(
            'line-clamp-2 basis-full text-xs max-md:order-1 md:mt-1',
            phase === 'Error' ? 'text-bad' : 'text-muted',
          )}
        >
          {message}
        </span>
      )}
    </>
  )
}

function Address({ deployment: { urls, visibility, suspended } }: { deployment: DeploymentSummary }) {
  const url = urls.find(isWebAddress)
  if (url === undefined) {
    return visibility === 'internal' ? (
      <span className="text-muted">inside the cluster only</span>
    ) : (
      <span className="text-muted max-md:hidden">–</span>
    )
  }
  // Nothing answers there.
  if (suspended) return <span className="text-muted">{withoutScheme(url)}</span>
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="relative rounded-sm text-accent hover:underline"
    >
      {withoutScheme(url)}
    </a>
  )
}

/** Rows in the size that they will have. */
export function DeploymentListSkeleton() {
  return (
    <div role="status" aria-label="Loading the deployments" className={SHEET}>
      <div aria-hidden="true">
        <Headings />
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <div key={key} className={cx(ROW, COLUMNS, 'flex items-center gap-x-3')}>
            <div className="flex-1 space-y-1.5 py-0.5">
              <Skeleton className="h-4 w-32" />
              <Skeleton className="h-3.5 w-20" />
            </div>
            <Skeleton className="h-5 w-20 rounded-full" />
            <Skeleton className="h-4 w-3/4 max-md:hidden" />
            <Skeleton className="h-4 w-16 max-md:hidden" />
            <Skeleton className="ml-auto h-4 w-14 max-md:hidden" />
          </div>
        ))}
      </div>
    </div>
  )
}
