import { ChartColumn, ChevronLeft, ChevronRight, Download } from 'lucide-react'
import { useSearchParams } from 'react-router'

import type { MyOrg } from '../../src/modules/access/schema.ts'
import type { UsageReport } from '../../src/modules/usage/schema.ts'
import { trpc } from '../api/trpc.ts'
import { CreditCard } from '../components/credit-card.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { UsageDeployments } from '../components/usage-deployments.tsx'
import { UsagePlot } from '../components/usage-plot.tsx'
import {
  amountOf,
  METRIC_NAMES,
  METRICS,
  monthBeside,
  monthName,
  usageFile,
  type Metric,
} from '../components/usage-words.ts'
import { useOrg } from '../components/use-org.ts'
import { BudgetCard } from '../forms/budget.tsx'
import { useNow } from '../lib/clock.ts'
import { formatBytes, formatInstant } from '../lib/format.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { cx } from '../ui/cx.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

const isMetric = (text: string | null): text is Metric => METRICS.some((metric) => metric === text)

/** What the deployments of an organisation used, month by month. */
export default function UsagePage() {
  const { org, whyNot } = useOrg()
  const [params, setParams] = useSearchParams()
  const month = params.get('month') ?? undefined
  const usage = trpc.usage.read.useQuery({ orgId: org.id, ...(month === undefined ? {} : { month }) })
  const choose = (name: string, value: string): void =>
    setParams((before) => {
      const next = new URLSearchParams(before)
      next.set(name, value)
      return next
    })
  const asked = params.get('by')
  const metric = isMetric(asked) ? asked : 'cpuHours'
  return (
    <>
      <PageHead
        title="Usage"
        actions={
          usage.data && <Months report={usage.data} org={org} onChoose={(to) => choose('month', to)} />
        }
      >
        <p className="text-muted">{aboutOf(usage.data)}</p>
      </PageHead>
      {usage.error && (
        <FaultNotice
          error={usage.error}
          title="The usage could not be loaded"
          onRetry={() => void usage.refetch()}
          isRetrying={usage.isFetching}
          className="mb-5"
        />
      )}
      {usage.isPending && <UsageSkeleton />}
      {usage.data && (
        <div className="space-y-5">
          <Report report={usage.data} metric={metric} onChoose={(to) => choose('by', to)} />
          {usage.data.prices && whyNot('billing:manage') === undefined && (
            <>
              <CreditCard orgId={org.id} />
              <BudgetCard orgId={org.id} />
            </>
          )}
        </div>
      )}
    </>
  )
}

function aboutOf(report: UsageReport | undefined): string {
  const whose = report?.isWhole === false ? 'What the deployments of your teams' : 'What all deployments'
  const until = report?.countedUntil ? ` Counted until ${formatInstant(report.countedUntil)}.` : ''
  return `${whose} asked the cluster for while they ran.${until}`
}

interface MonthsProps {
  report: UsageReport
  org: MyOrg
  onChoose: (month: string) => void
}

function Months({ report: { month }, org, onChoose }: MonthsProps) {
  const isNow = month >= new Date(useNow()).toISOString().slice(0, 7)
  return (
    <>
      <Button
        aria-label="The month before"
        icon={<ChevronLeft aria-hidden="true" className="size-4" />}
        onClick={() => onChoose(monthBeside(month, -1))}
      />
      <span className="figures min-w-28 text-center font-medium">{monthName(month)}</span>
      <Button
        aria-label="The month after"
        disabled={isNow}
        icon={<ChevronRight aria-hidden="true" className="size-4" />}
        onClick={() => onChoose(monthBeside(month, 1))}
      />
      <a href={usageFile(org.id, month)} download className={buttonClass()}>
        <Download aria-hidden="true" className="size-4" />
        CSV
      </a>
    </>
  )
}

interface ReportProps {
  report: UsageReport
  metric: Metric
  onChoose: (metric: Metric) => void
}

function Report({ report, metric, onChoose }: ReportProps) {
  if (report.deployments.length === 0) {
    return (
      <Card>
        <EmptyState icon={<ChartColumn />} title="Nothing was used in this month">
          What runs appears here when its first hour has ended.
        </EmptyState>
      </Card>
    )
  }
  const offered = METRICS.filter((each) => each !== 'cents' || report.prices !== null)
  return (
    <>
      <Card>
        <div role="group" aria-label="What to look at" className="mb-5 grid grid-cols-2 gap-2 lg:flex">
          {offered.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === metric}
              onClick={() => onChoose(each)}
              className={cx(
                'min-w-40 rounded-control border px-3 py-2 text-left max-sm:min-w-0',
                each === metric ? 'border-accent bg-accent-tint' : 'border-line hover:bg-hover',
              )}
            >
              <span className="block text-xs text-muted">{METRIC_NAMES[each]}</span>
              <span className="figures block font-medium">{amountOf(report.total, each, report.prices)}</span>
            </button>
          ))}
        </div>
        <UsagePlot report={report} metric={metric} />
        {report.included && (
          <p className="mt-4 text-muted">
            {report.included.plan} lets the deployments of each member have {report.included.cpu} CPU,{' '}
            {formatBytes(report.included.memory)} of memory and {formatBytes(report.included.storage)} of
            storage at a time.
          </p>
        )}
      </Card>
      <Card isFlush title="By deployment">
        <UsageDeployments report={report} metric={metric} />
      </Card>
    </>
  )
}

function UsageSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the usage"
      className="space-y-4 rounded-card border border-line bg-surface p-4"
    >
      <Skeleton className="h-12 w-80 max-w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  )
}
