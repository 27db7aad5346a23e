import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { machineProbe } from '../../deploy/dev/bench/probe.ts'
import { readProcesses, TICK_MS, ticksOfTree } from '../../deploy/dev/bench/processes.ts'
import { untilQuiet } from '../../deploy/dev/bench/quiet.ts'
import { spreadOf, type Spread } from '../../deploy/dev/bench/statistics.ts'
import type { Stack } from '../../deploy/local/stack.ts'
import { connectDb } from '../../src/ports/db/postgres.ts'
import { systemClock } from '../../src/ports/clock/system.ts'
import { createSessions } from '../../src/ports/sessions/lucia.ts'
import { postgresSessions } from '../../src/ports/sessions/postgres.ts'
import { migrate } from '../../src/ports/db/migrate.ts'
import { seedPlans } from '../../src/ports/db/seed-plans.ts'
import { smallSpec } from '../../src/contract/testing/specs.ts'
import { RevisionSpec } from '../../src/modules/deployments/revision-spec.ts'
import { aDeployment, aTenant } from '../../src/testing/builders.ts'
import { withAppStack } from './app-stack.ts'
import { endHelper, startHelper, tell } from './load/helper-process.ts'
import type { Load } from './load/job.ts'
import { runLoad } from './load/run-load.ts'

/** Enough to keep a server of one thread busy, for its cost. */
const BUSY_CONNECTIONS = 8
/** Far below what either can do, for the time that one waits. */
const OFFERED_PER_SECOND = 200

/** What it costs to know who asks and whether they may. */
export const benchmark: Benchmark = {
  name: 'auth',
  about: '`deployments.get` with session and authorisation, beside the same procedure without them',
  run: async (context) => withAppStack(['postgres'], async (stack) => measure(stack, context)),
}

interface Target {
  readonly helper: ChildProcess
  readonly port: number
}
const NAMES = ['open', 'guarded'] as const
type Name = (typeof NAMES)[number]
type Targets = Readonly<Record<Name, Target>>

async function measure({ env }: Stack, context: BenchContext): Promise<Metric[]> {
  const dsn = env.DATABASE_DSN ?? ''
  await migrate({ dsn })
  const { path, cookie } = await seed(dsn)
  const helpers = NAMES.map(() => startHelper(join(import.meta.dirname, 'auth/server.ts')))
  const generator = startHelper(join(import.meta.dirname, 'load/generator.ts'))
  try {
    const started = NAMES.map(async (name, at) => {
      const helper = helpers[at] as ChildProcess
      return [name, { helper, port: await tell<number>(helper, { dsn, isGuarded: name === 'guarded' }) }]
    })
    const targets = Object.fromEntries(await Promise.all(started)) as Targets
    await sameAnswer(targets, { path, cookie })
    const trips = await roundTrips(targets, { path, cookie })
    const ask = requester(generator, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`)
    return [...report(await rounds(targets, ask, context)), trips]
  } finally {
    await Promise.all([...helpers, generator].map(endHelper))
  }
}

interface Question {
  readonly path: string
  readonly cookie: string
}

async function seed(dsn: string): Promise<Question> {
  const db = connectDb({ dsn })
  try {
    await seedPlans(db)
    const tenant = await aTenant(db)
    const spec = RevisionSpec.parse(smallSpec())
    const { deploymentId: id } = await aDeployment(db, tenant, { spec })
    const sessions = createSessions({ storage: postgresSessions(db), clock: systemClock })
    const { token } = await sessions.create({ userId: tenant.userId })
    const input = encodeURIComponent(JSON.stringify({ id }))
    return { path: `/trpc/deployments.get?input=${input}`, cookie: `session=${token}` }
  } finally {
    await db.close()
  }
}

const answerOf = async ({ port }: Target, { path, cookie }: Question): Promise<string> => {
  const signal = AbortSignal.timeout(10_000)
  return (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie }, signal })).text()
}

/** @throws when the two do not answer the same, or the guarded one answers nobody too */
async function sameAnswer(targets: Targets, question: Question): Promise<void> {
  const [open, guarded] = await Promise.all([
    answerOf(targets.open, question),
    answerOf(targets.guarded, question),
  ])
  if (open !== guarded) throw new Error(`They answer differently:\n${open}\n${guarded}`)
  const toNobody = await answerOf(targets.guarded, { ...question, cookie: '' })
  if (!toNobody.includes('UNAUTHENTICATED')) throw new Error(`Nobody is answered too: ${toNobody}`)
}

async function roundTrips(targets: Targets, question: Question): Promise<Metric> {
  const statementsOf = async (target: Target): Promise<number> => {
    const before = await tell<number>(target.helper, { what: 'statements' })
    await answerOf(target, question)
    return (await tell<number>(target.helper, { what: 'statements' })) - before
  }
  const [open, guarded] = [await statementsOf(targets.open), await statementsOf(targets.guarded)]
  return metric({
    key: 'statements more',
    value: guarded - open,
    unit: '',
    atLeast: 1,
    atMost: 1,
    note: `${open} without, ${guarded} with`,
  })
}

type Ask = (
  target: Target,
  job: { seconds: number; connections: number; perSecond?: number },
) => Promise<Load>

function requester(generator: ChildProcess, request: string): Ask {
  return async ({ port }, job) => {
    const load = await runLoad(generator, { port, request, ...job })
    if (load.failures > 0) throw new Error(`${load.failures} of ${load.requests} requests failed.`)
    return load
  }
}

interface Sample {
  readonly p50: number
  readonly p99: number
  readonly cpuMs: number
}
type Round = Readonly<Record<Name, Sample>>

async function rounds(targets: Targets, ask: Ask, { full, say, signal }: BenchContext): Promise<Round[]> {
  const seconds = full ? 5 : 2
  const probe = machineProbe()
  const cpu = ({ helper }: Target): number => ticksOfTree(readProcesses(), [helper.pid ?? 0]) * TICK_MS
  const busy = { seconds, connections: BUSY_CONNECTIONS }
  for (const name of NAMES) await ask(targets[name], busy)
  const all: Round[] = []
  for (let round = 0; round < (full ? 12 : 5); round++) {
    signal.throwIfAborted()
    const foreign = await untilQuiet(probe)
    const samples: Partial<Record<Name, Sample>> = {}
    // In turn the one first and the other.
    for (const name of round % 2 === 0 ? NAMES : NAMES.toReversed()) {
      const target = targets[name]
      const before = cpu(target)
      const { requests } = await ask(target, busy)
      const cpuMs = (cpu(target) - before) / requests
      const calm = { seconds, connections: 16, perSecond: OFFERED_PER_SECOND }
      const { p50, p99 } = await ask(target, calm)
      samples[name] = { p50, p99, cpuMs }
    }
    say(`round ${round + 1}; others keep ${foreign.toFixed(1)} cores busy`)
    all.push(samples as Round)
  }
  return all
}

function report(all: readonly Round[]): Metric[] {
  const ratio = spreadOf(all.map(({ open, guarded }) => guarded.p50 / open.p50))
  const more = spreadOf(all.map(({ open, guarded }) => guarded.cpuMs - open.cpuMs))
  const note = ({ min, max }: Spread): string =>
    `median of ${all.length}, ${min.toFixed(2)} to ${max.toFixed(2)}`
  const told = (name: Name, key: keyof Sample): Metric =>
    metric({
      key: `${key}, ${name}`,
      value: spreadOf(all.map((round) => round[name][key])).median,
      unit: 'ms',
    })
  return [
    metric({ key: 'p50', value: ratio.median, unit: '× open', atMost: 1.5, note: note(ratio) }),
    metric({ key: 'CPU more', value: more.median, unit: 'ms', atMost: 0.35, note: note(more) }),
    ...NAMES.flatMap((name) => [told(name, 'p50'), told(name, 'p99'), told(name, 'cpuMs')]),
  ]
}
