import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { spreadOf } from '../../deploy/dev/bench/statistics.ts'
import type { Stack } from '../../deploy/local/stack.ts'
import { systemClock } from '../../src/ports/clock/system.ts'
import { randomBase32 } from '../../src/contract/ids.ts'
import { connectDb } from '../../src/ports/db/postgres.ts'
import type { Db } from '../../src/ports/db/port.ts'
import { migrate } from '../../src/ports/db/migrate.ts'
import { seedPlans } from '../../src/ports/db/seed-plans.ts'
import { WEBHOOK_SECRET } from '../../src/testing/stripe-fake/fake-stripe.ts'
import { signatureOf } from '../../src/testing/stripe-fake/signature.ts'
import { freePort } from '../fixtures/free-port.ts'
import { seedDeployments } from './api/seed.ts'
import { withAppStack } from './app-stack.ts'
import { endHelper, startHelper, tell } from './load/helper-process.ts'
import type { Load } from './load/job.ts'
import { prepareLoad } from './load/run-load.ts'

const EVENTS_PER_SECOND = 500
/** What others ask meanwhile: far below what the server can do. */
const OTHERS_PER_SECOND = 50
const ROWS = 200
const CUSTOMERS = 100
const WAIT_MS = 120_000
/** A server that has just been started compiles what it does while it does it. */
const WARM_UP_SECONDS = 5

/** What a storm of events costs those who are at their work. */
export const benchmark: Benchmark = {
  name: 'webhooks',
  about: '500 events of Stripe’s a second, and what `deployments.list` beside them takes with and without',
  run: async (context) => withAppStack(['postgres'], async (stack) => measure(stack, context)),
}

interface Bench {
  readonly db: Db
  readonly port: number
  readonly poster: ChildProcess
  readonly reader: ChildProcess
  /** What others ask. */
  readonly request: string
}

interface Round {
  readonly without: Load
  readonly beside: Load
  readonly events: Load
}

async function measure({ env }: Stack, context: BenchContext): Promise<Metric[]> {
  const dsn = env.DATABASE_DSN ?? ''
  await migrate({ dsn })
  const db = connectDb({ dsn })
  await seedPlans(db)
  const { teamId, cookie } = await seedDeployments(dsn, ROWS)
  const port = await freePort()
  const server = startHelper(join(import.meta.dirname, 'webhooks/server.ts'))
  const [poster, reader] = [1, 2].map(() => startHelper(join(import.meta.dirname, 'load/generator.ts'))) as [
    ChildProcess,
    ChildProcess,
  ]
  try {
    await tell<number>(server, { dsn, port })
    const path = `/trpc/deployments.list?input=${encodeURIComponent(JSON.stringify({ teamId, limit: 50 }))}`
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`
    const bench = { db, port, poster, reader, request }
    const warming = await both(bench, WARM_UP_SECONDS)
    return report(await rounds(bench, context), (await kept(bench)) - warming.events.requests)
  } finally {
    await Promise.all([server, poster, reader].map(endHelper))
    await db.close()
  }
}

async function rounds(bench: Bench, { full, say, signal }: BenchContext): Promise<Round[]> {
  const seconds = full ? 10 : 3
  const all: Round[] = []
  for (let round = 0; round < (full ? 5 : 3); round++) {
    signal.throwIfAborted()
    const without = await (await readers(bench, seconds))()
    const { beside, events } = await both(bench, seconds)
    all.push({ without, beside, events })
    say(
      `round ${round + 1}: p99 ${without.p99.toFixed(1)} ms without, ${beside.p99.toFixed(1)} ms beside events`,
    )
  }
  return all
}

/** Ready to begin, for generators that begin at the same moment. */
const readers = async ({ reader, port, request }: Bench, seconds: number): Promise<() => Promise<Load>> =>
  prepareLoad(reader, { port, request, seconds, connections: 8, perSecond: OTHERS_PER_SECOND })

/** Until all events are worked on. */
async function both(bench: Bench, seconds: number): Promise<Omit<Round, 'without'>> {
  const { port, poster, db } = bench
  const request = Array.from({ length: EVENTS_PER_SECOND * seconds }, () => anEvent(port))
  const job = { port, request, seconds, connections: 32, perSecond: EVENTS_PER_SECOND }
  const [read, post] = [await readers(bench, seconds), await prepareLoad(poster, job)]
  const [beside, events] = await Promise.all([read(), post()])
  await untilWorkedOn(db)
  return { beside, events }
}

let number = 0

/** One event as Stripe posts it; each is another one. */
function anEvent(port: number): string {
  const customer = `cus_bench${number++ % CUSTOMERS}`
  const now = new Date(systemClock.nowMs())
  const body = JSON.stringify({
    ...{ id: `evt_${randomBase32(20)}`, object: 'event', type: 'invoice.paid', livemode: false },
    created: Math.floor(now.getTime() / 1000),
    data: { object: { object: 'invoice', id: 'in_1', customer, lines: 'x'.repeat(2_000) } },
  })
  const signature = signatureOf(Buffer.from(body), { secret: WEBHOOK_SECRET, at: now })
  const head = `POST /stripe/webhook HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json`
  return `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nStripe-Signature: ${signature}\r\n\r\n${body}`
}

async function untilWorkedOn(db: Db): Promise<void> {
  const until = performance.now() + WAIT_MS
  while ((await db.prisma.stripeEvent.count({ where: { processedAt: null } })) > 0) {
    if (performance.now() > until) throw new Error('Events wait for two minutes.')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

const kept = async ({ db }: Bench): Promise<number> => db.prisma.stripeEvent.count()

function report(all: readonly Round[], stored: number): Metric[] {
  const sent = all.reduce((sum, { events }) => sum + events.requests, 0)
  const refused = all.reduce((sum, { events, beside }) => sum + events.failures + beside.failures, 0)
  const ratio = spreadOf(all.map(({ without, beside }) => beside.p99 / without.p99))
  const ack = spreadOf(all.map(({ events }) => events.p99))
  const rate = spreadOf(all.map(({ events }) => events.requests / events.seconds))
  const note = `median of ${all.length}, ${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}`
  return [
    metric({ key: 'p99 of others', value: ratio.median, unit: '× without', atMost: 2, note }),
    metric({
      key: 'ack p99',
      value: ack.median,
      unit: 'ms',
      atMost: 50,
      note: `at most ${ack.max.toFixed(1)}`,
    }),
    metric({ key: 'answers other than 200', value: refused, unit: '', atMost: 0, note: `of ${sent} events` }),
    metric({ key: 'lost', value: sent - stored, unit: '', atMost: 0, atLeast: 0 }),
    metric({ key: 'events', value: rate.median, unit: '/s', atLeast: EVENTS_PER_SECOND * 0.95 }),
    metric({ key: 'p99 without', value: spreadOf(all.map(({ without }) => without.p99)).median, unit: 'ms' }),
  ]
}
