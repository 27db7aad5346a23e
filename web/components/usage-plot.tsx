import type { UsageReport } from '../../src/modules/usage/schema.ts'
import { amountOf, dayName, daysOf, METRIC_NAMES, valueOf, type Metric } from './usage-words.ts'

interface PlotProps {
  report: UsageReport
  metric: Metric
}

const HEIGHT = 100
const STEP = 10
const BAR = 7

/** A bar for each day of a month; who does not see it reads the days as a table. */
export function UsagePlot({ report, metric }: PlotProps) {
  const { month, prices } = report
  const days = daysOf(month)
  const known = new Map(report.days.map((day) => [day.day, day]))
  const most = Math.max(...report.days.map((day) => valueOf(day, metric)), 0)
  const top = report.days.find((day) => valueOf(day, metric) === most)
  return (
    <figure>
      <figcaption className="figures mb-2 flex flex-wrap justify-between gap-x-4 text-xs text-muted">
        <span>{METRIC_NAMES[metric]} by day, by UTC</span>
        {top && most > 0 && (
          <span>
            At most {amountOf(top, metric, prices)} on {dayName(top.day)}
          </span>
        )}
      </figcaption>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-40 w-full border-b border-line-strong"
      >
        {[0.25, 0.5, 0.75].map((part) => (
          <rect key={part} width={days.length * STEP} y={HEIGHT * part} height="0.5" className="fill-line" />
        ))}
        {days.map((day, n) => {
          const amounts = known.get(day)
          if (!amounts || most <= 0) return null
          const height = Math.max(0, (valueOf(amounts, metric) / most) * HEIGHT)
          return (
            <rect
              key={day}
              x={n * STEP + (STEP - BAR) / 2}
              y={HEIGHT - height}
              width={BAR}
              height={height}
              className="fill-accent-solid hover:fill-accent"
            >
              <title>{`${dayName(day)}: ${amountOf(amounts, metric, prices)}`}</title>
            </rect>
          )
        })}
      </svg>
      <div aria-hidden="true" className="figures mt-1 flex justify-between text-xs text-muted">
        {[days[0], days[14], days.at(-1)].map((day) => (
          <span key={day}>{day === undefined ? '' : dayName(day)}</span>
        ))}
      </div>
      <DayTable report={report} metric={metric} />
    </figure>
  )
}

function DayTable({ report, metric }: PlotProps) {
  return (
    <table className="sr-only">
      <caption>{METRIC_NAMES[metric]} by day</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Used</th>
        </tr>
      </thead>
      <tbody>
        {report.days.map((day) => (
          <tr key={day.day}>
            <th scope="row">{dayName(day.day)}</th>
            <td>{amountOf(day, metric, report.prices)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
