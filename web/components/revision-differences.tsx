import type { DeploymentId } from '../../src/contract/ids.ts'
import { trpc } from '../api/trpc.ts'
import { cx } from '../ui/cx.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { FaultNotice } from './fault-notice.tsx'
import { fieldLabel, fieldValue, type RevisionField } from './revision-words.ts'

interface DifferencesProps {
  id: DeploymentId
  /** The one that is wanted now. */
  present: number
  revision: number
}

/** What is other in a revision than in the present one. */
export function RevisionDifferences({ id, present, revision }: DifferencesProps) {
  // What a revision was never changes.
  const diff = trpc.deployments.revisions.diff.useQuery(
    { id, from: present, to: revision },
    { staleTime: Infinity },
  )
  if (diff.isPending) {
    return (
      <div role="status" aria-label="Comparing the revisions" className="space-y-2">
        <Skeleton className="h-16 w-full" />
        <Skeleton className="h-16 w-full" />
      </div>
    )
  }
  if (diff.error) {
    return (
      <FaultNotice
        error={diff.error}
        title="The revisions could not be compared"
        onRetry={() => void diff.refetch()}
        isRetrying={diff.isFetching}
      />
    )
  }
  const { fields } = diff.data
  if (fields.length === 0) return <p>It is the same as now.</p>
  return (
    <dl aria-label={`Revision ${revision} compared with now`} className="space-y-3">
      {fields.map((field) => (
        <Field key={field.path} field={field} revision={revision} />
      ))}
    </dl>
  )
}

function Field({ field: { path, before, after }, revision }: { field: RevisionField; revision: number }) {
  return (
    <div className="overflow-hidden rounded-control border border-line">
      <dt className="border-b border-line bg-sunken px-3 py-1.5 font-medium wrap-anywhere">
        {fieldLabel(path)}
      </dt>
      <Side
        label="Now"
        text={fieldValue(path, before)}
        isThere={before !== undefined}
        className="bg-surface"
      />
      <Side
        label={`Revision ${revision}`}
        text={fieldValue(path, after)}
        isThere={after !== undefined}
        className="border-t border-line bg-accent-tint"
      />
    </div>
  )
}

interface SideProps {
  label: string
  text: string
  /** Or the text only says that there is nothing. */
  isThere: boolean
  className: string
}

function Side({ label, text, isThere, className }: SideProps) {
  return (
    <dd className={cx('gap-x-3 px-3 py-1.5 sm:flex', className)}>
      <span className="block w-24 shrink-0 text-xs leading-5 text-muted">{label}</span>
      <span
        className={cx(
          'block max-h-60 min-w-0 flex-1 overflow-y-auto wrap-anywhere whitespace-pre-wrap',
          isThere ? 'font-mono text-xs leading-5' : 'text-muted',
        )}
      >
        {text}
      </span>
    </dd>
  )
}
