import type { ReactNode } from 'react'
import { Link } from 'react-router'

import type { UsageReport, UsedAmounts } from '../../src/modules/usage/schema.ts'
import { count } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import { amountOf, valueOf, type Metric } from './usage-words.ts'

interface ListProps {
  report: UsageReport
  metric: Metric
}

/** What each deployment used, and which part of all that is. */
export function UsageDeployments({ report, metric }: ListProps) {
  const { deployments, others, total } = report
  const sorted = deployments.toSorted((a, b) => valueOf(b, metric) - valueOf(a, metric))
  const row = { metric, prices: report.prices, all: valueOf(total, metric) }
  return (
    <ul aria-label="Deployments" className="divide-y divide-line">
      {sorted.map((deployment) => (
        <li key={deployment.id} className="space-y-1.5 px-4 py-3">
          <Share {...row} amounts={deployment}>
            {deployment.isGone ? (
              <span>
                {deployment.name} <span className="text-muted">(deleted)</span>
              </span>
            ) : (
              <Link to={paths.deployment(deployment.id)} className="font-medium hover:underline">
                {deployment.name}
              </Link>
            )}
          </Share>
        </li>
      ))}
      {others && (
        <li className="space-y-1.5 px-4 py-3">
          <Share {...row} amounts={others}>
            <span className="text-muted">{count(others.count, 'other deployment')}; the file lists them</span>
          </Share>
        </li>
      )}
    </ul>
  )
}

interface ShareProps {
  amounts: UsedAmounts
  metric: Metric
  prices: UsageReport['prices']
  /** Of all deployments together. */
  all: number
  children: ReactNode
}

function Share({ amounts, metric, prices, all, children }: ShareProps) {
  const part = all > 0 ? Math.min(1, Math.max(0, valueOf(amounts, metric) / all)) : 0
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <span className="min-w-0 wrap-anywhere">{children}</span>
        <span className="figures text-muted">{amountOf(amounts, metric, prices)}</span>
      </div>
      <svg
        aria-hidden="true"
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        className="h-1.5 w-full rounded-full"
      >
        <rect width="100" height="6" className="fill-line" />
        <rect width={part * 100} height="6" className="fill-accent-solid" />
      </svg>
    </>
  )
}
