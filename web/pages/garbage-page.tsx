import { RotateCw, Sparkles } from 'lucide-react'
import { useState } from 'react'

import type { Finding, GarbageReport } from '../../src/modules/garbage/schema.ts'
import { trpc } from '../api/trpc.ts'
import { Age } from '../components/age.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { FindingRow } from '../components/finding-row.tsx'
import { PageHead } from '../components/page-head.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { SurveyReport } from '../components/survey-report.tsx'
import { RepairDialog } from '../forms/garbage-repair.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'

export default function GarbagePage() {
  // It is as old as it says, until one looks again: taking it asks the whole cluster.
  const report = trpc.garbage.report.useQuery({}, { staleTime: Number.POSITIVE_INFINITY })
  const [chosen, setChosen] = useState<Finding>()
  return (
    <>
      <PageHead
        title="Garbage report"
        actions={
          <Button
            icon={<RotateCw aria-hidden="true" className="size-4" />}
            isBusy={report.isFetching}
            onClick={() => void report.refetch()}
          >
            Look again
          </Button>
        }
      >
        <p className="text-muted">
          What belongs to nobody in the cluster and in Vault, and deployments that are missing there.
          {report.data && (
            <>
              {' '}
              Looked at <Age at={report.data.takenAt} />.
            </>
          )}
        </p>
      </PageHead>
      {report.isPending && (
        <Card isFlush>
          <RowsSkeleton label="Looking at the cluster and at Vault" />
        </Card>
      )}
      {report.error && (
        <FaultNotice
          error={report.error}
          title="The report could not be made"
          onRetry={() => void report.refetch()}
          isRetrying={report.isFetching}
          className="mb-5"
        />
      )}
      {report.data && <Report report={report.data} onChoose={setChosen} />}
      {chosen && <RepairDialog finding={chosen} onClose={() => setChosen(undefined)} />}
    </>
  )
}

const PLACES = { cluster: 'The cluster was not looked at', vault: 'Vault was not looked at' } as const

interface ReportProps {
  report: GarbageReport
  onChoose: (finding: Finding) => void
}

function Report({ report: { findings, blind, isTruncated }, onChoose }: ReportProps) {
  return (
    <SurveyReport
      {...{ blind, isTruncated }}
      places={PLACES}
      label="Findings"
      icon={<Sparkles />}
      nothing={{
        title: 'Everything belongs to somebody',
        text: 'Nothing is left over, and nothing is missing. What is younger than ten minutes is not looked at.',
        blindTitle: 'Nothing was found',
      }}
    >
      {findings.map((finding) => (
        <FindingRow
          key={JSON.stringify(finding.target)}
          finding={finding}
          onRepair={() => onChoose(finding)}
        />
      ))}
    </SurveyReport>
  )
}
