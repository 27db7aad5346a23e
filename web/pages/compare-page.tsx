import { RotateCw, Scale } from 'lucide-react'
import { useState } from 'react'

import type { Comparison, Difference } from '../../src/modules/comparison/schema.ts'
import { trpc } from '../api/trpc.ts'
import { Age } from '../components/age.tsx'
import { DifferenceRow } from '../components/difference-row.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { SurveyReport } from '../components/survey-report.tsx'
import { ConfirmDialog } from '../forms/confirm-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { showToast } from '../ui/toast.tsx'

export default function ComparePage() {
  const utils = trpc.useUtils()
  const [cancelling, setCancelling] = useState<Difference>()
  const stored = trpc.comparison.last.useQuery({})
  const run = trpc.comparison.run.useMutation({
    onSuccess: (last) => utils.comparison.last.setData({}, { last }),
  })
  const repair = trpc.comparison.repair.useMutation({
    onSuccess: ({ outcome }) => {
      setCancelling(undefined)
      showToast({ tone: 'good', title: outcome === 'gone' ? 'It was right already' : 'It is mended' })
      run.mutate({})
    },
  })
  const begin = (difference: Difference): void =>
    difference.repair.how === 'cancel'
      ? setCancelling(difference)
      : repair.mutate({ repair: difference.repair })
  const last = stored.data?.last
  return (
    <>
      <PageHead
        title="Money and resources"
        actions={
          <Button
            icon={<RotateCw aria-hidden="true" className="size-4" />}
            isBusy={run.isPending}
            onClick={() => run.mutate({})}
          >
            Compare now
          </Button>
        }
      >
        <p className="text-muted">
          Where Stripe, the database and the cluster do not agree. They are compared every night.
          {last && (
            <>
              {' '}
              Last <Age at={last.takenAt} />.
            </>
          )}
        </p>
      </PageHead>
      <Faults stored={stored} failed={[run.error, repair.error]} />
      {stored.isPending && (
        <Card isFlush>
          <RowsSkeleton label="Loading the last comparison" />
        </Card>
      )}
      {last && (
        <Report
          report={last}
          onRepair={begin}
          repairing={repair.isPending ? JSON.stringify(repair.variables.repair) : undefined}
        />
      )}
      {stored.data?.last === null && (
        <Card>
          <EmptyState icon={<Scale />} title="Nothing was compared yet">
            It is done every night, or now by the button above.
          </EmptyState>
        </Card>
      )}
      {cancelling && (
        <ConfirmDialog
          title="Cancel this subscription?"
          description={
            <p>
              {cancelling.sentence} {cancelling.detail}. It ends at once, and cannot be taken up again.
            </p>
          }
          word="Cancel the subscription"
          isBusy={repair.isPending}
          error={repair.error}
          onConfirm={() => repair.mutate({ repair: cancelling.repair })}
          onClose={() => setCancelling(undefined)}
        />
      )}
    </>
  )
}

interface FaultsProps {
  stored: { error: unknown; refetch: () => unknown; isFetching: boolean }
  failed: readonly unknown[]
}

function Faults({ stored, failed }: FaultsProps) {
  const error = failed.find((each) => each !== null)
  return (
    <>
      {stored.error !== null && (
        <FaultNotice
          error={stored.error}
          title="The last comparison cannot be shown"
          onRetry={() => void stored.refetch()}
          isRetrying={stored.isFetching}
          className="mb-5"
        />
      )}
      {error !== undefined && <FaultNotice error={error} title="It was not done" className="mb-5" />}
    </>
  )
}

const PLACES = { cluster: 'The cluster was not looked at', stripe: 'Stripe was not looked at' } as const

interface ReportProps {
  report: Comparison
  /** The repair that is under way, as JSON. */
  repairing: string | undefined
  onRepair: (difference: Difference) => void
}

function Report({ report: { differences, blind, isTruncated }, repairing, onRepair }: ReportProps) {
  return (
    <SurveyReport
      {...{ blind, isTruncated }}
      places={PLACES}
      label="Differences"
      icon={<Scale />}
      nothing={{
        title: 'All agree',
        text: 'Nobody pays for what they do not have, or has what they do not pay for.',
        blindTitle: 'No difference was found',
      }}
    >
      {differences.map((difference) => (
        <DifferenceRow
          key={`${difference.kind} ${difference.detail} ${JSON.stringify(difference.repair)}`}
          difference={difference}
          isBusy={repairing === JSON.stringify(difference.repair)}
          onRepair={() => onRepair(difference)}
        />
      ))}
    </SurveyReport>
  )
}
