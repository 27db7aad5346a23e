/** What is measured of this process, for Prometheus. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** One run of a loop. */
interface Run {
  readonly name: string
  readonly milliseconds: number
  readonly corrections: number
  readonly isFailed: boolean
}

export interface Metrics {
  readonly registry: Registry
  readonly onRequest: (request: { route: string; status: number; seconds: number }) => void
  readonly onStatement: (name: string, milliseconds: number) => void
  readonly onLoopRun: (run: Run) => void
  /** A number that is asked for when somebody looks. */
  readonly gauge: (name: string, help: string, read: () => number) => void
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()

  const requests = new Histogram({
    name: 'shipyard_http_request_seconds',
    help: 'Requests, without streams.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const statements = new Histogram({
    name: 'shipyard_sql_statement_seconds',
    help: 'Statements of prisma/sql, waiting for a connection included.',
    labelNames: ['statement'],
    buckets: SECONDS,
    registers,
  })
  const runs = new Histogram({
    name: 'shipyard_loop_run_seconds',
    help: 'Runs of the loops.',
    labelNames: ['loop', 'result'],
    buckets: SECONDS,
    registers,
  })
  const corrections = new Counter({
    name: 'shipyard_loop_corrections_total',
    help: 'What loops had to correct. Flat when nobody changes anything.',
    labelNames: ['loop'],
    registers,
  })
  const gauge: Metrics['gauge'] = (name, help, read) => {
    const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) })
  }
  gauge('shipyard_event_loop_delay_p99_seconds', 'Since the start.', () => delay.percentile(99) / 1e9)

  return {
    registry,
    gauge,
    onRequest: ({ route, status, seconds }) => requests.observe({ route, status }, seconds),
    onStatement: (statement, milliseconds) => statements.observe({ statement }, milliseconds / 1000),
    onLoopRun({ name, milliseconds, corrections: count, isFailed }) {
      runs.observe({ loop: name, result: isFailed ? 'failed' : 'ok' }, milliseconds / 1000)
      corrections.inc({ loop: name }, count)
    },
  }
}
