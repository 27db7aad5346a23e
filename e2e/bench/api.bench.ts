import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { machineProbe } from '../../deploy/dev/bench/probe.ts'
import { readProcesses, TICK_MS, ticksOfTree } from '../../deploy/dev/bench/processes.ts'
import { untilQuiet } from '../../deploy/dev/bench/quiet.ts'
import { spreadOf, type Spread } from '../../deploy/dev/bench/statistics.ts'
import type { Stack } from '../../deploy/local/stack.ts'
import { seedDeployments } from './api/seed.ts'
import { pidOf, withAppStack } from './app-stack.ts'
import { endHelper, startHelper, tell } from './load/helper-process.ts'
import type { Job, Load } from './load/job.ts'
import { runLoad } from './load/run-load.ts'

const ROWS = 10_000
const PAGE = 50
/** Enough to keep a server of one thread busy. */
const CLOSED_CONNECTIONS = 16
const OPEN_CONNECTIONS = 64
/** Of what our server can do at most: latency is of interest where nobody is overloaded. */
const OFFERED_SHARE = 0.5

/** What all that stands between the socket and the two statements costs. */
export const benchmark: Benchmark = {
  name: 'api',
  about: '`deployments.list` (50 of 10,000) over HTTP, beside bare node:http and pg with the same statements',
  run: async (context) => withAppStack(['shipyard-server'], async (stack) => measure(stack, context)),
}

interface Target {
  readonly name: 'bare' | 'ours'
  readonly port: number
  readonly pid: number
  readonly request: string
}

/** One look at one server. */
interface Sample {
  readonly perSecond: number
  readonly cpuMs: number
  readonly postgresCpuMs: number
  readonly p50: number
  readonly p99: number
}

type Round = Readonly<Record<Target['name'], Sample>>

async function measure(stack: Stack, context: BenchContext): Promise<Metric[]> {
  const dsn = stack.env.DATABASE_DSN ?? ''
  context.say(`writing ${ROWS} deployments`)
  const { teamId, cookie } = await seedDeployments(dsn, ROWS)
  const helpers = [startHelper(join(import.meta.dirname, 'api/bare-server.ts'))]
  try {
    const [bare] = helpers
    const generator = startHelper(join(import.meta.dirname, 'load/generator.ts'))
    helpers.push(generator)
    const port = await tell<number>(bare as ChildProcess, { dsn })
    const path = `/trpc/deployments.list?input=${encodeURIComponent(JSON.stringify({ teamId, limit: PAGE }))}`
    const ports = { bare: port, ours: stack.site.ports['shipyard-server'] }
    const targets: Target[] = [
      { name: 'bare', port: ports.bare, pid: bare?.pid ?? 0, request: requestTo(ports.bare, path, cookie) },
      {
        name: 'ours',
        port: ports.ours,
        pid: pidOf(stack, 'shipyard-server'),
        request: requestTo(ports.ours, path, cookie),
      },
    ]
    const bytes = await sameAnswer(targets, { path, cookie })
    const rounds = await compareServers({ targets, generator, postgres: pidOf(stack, 'postgres') }, context)
    return [
      ...report(rounds),
      metric({ key: 'answer', value: bytes / 1000, unit: 'kB', note: 'byte for byte the same' }),
      metric({
        key: 'event-loop delay p99, ours',
        value: await loopDelayMs(ports.ours),
        unit: 'ms',
        note: 'since the server was started, the rows being written included',
      }),
    ]
  } finally {
    await Promise.all(helpers.map(endHelper))
  }
}

const requestTo = (port: number, path: string, cookie: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Cookie: ${cookie}`,
    'Sec-Fetch-Site: same-origin',
    'Accept: application/json',
    '',
    '',
  ].join('\r\n')

/** Bytes of the answer. @throws when the two servers do not answer the same */
async function sameAnswer(
  targets: readonly Target[],
  { path, cookie }: { path: string; cookie: string },
): Promise<number> {
  const [bare = '', ours = ''] = await Promise.all(
    targets.map(async ({ port }) => {
      const headers = { cookie, 'sec-fetch-site': 'same-origin' }
      const signal = AbortSignal.timeout(10_000)
      return (await fetch(`http://127.0.0.1:${port}${path}`, { headers, signal })).text()
    }),
  )
  if (bare !== ours)
    throw new Error(`The floor answers something else:\n${bare.slice(0, 900)}\n${ours.slice(0, 900)}`)
  return Buffer.byteLength(ours)
}

/** As the server itself measures it. */
async function loopDelayMs(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(10_000) })
  const [, seconds] = /^shipyard_event_loop_delay_p99_seconds (\S+)$/m.exec(await answer.text()) ?? []
  return Number(seconds) * 1000
}

interface Bench {
  readonly targets: readonly Target[]
  readonly generator: ChildProcess
  readonly postgres: number
}

async function compareServers(bench: Bench, { full, say, signal }: BenchContext): Promise<Round[]> {
  const seconds = full ? 6 : 2
  const probe = machineProbe()
  const load = async (
    target: Target,
    job: Pick<Job, 'connections' | 'seconds' | 'perSecond'>,
  ): Promise<Load> => {
    const done = await runLoad(bench.generator, { port: target.port, request: target.request, ...job })
    if (done.failures > 0)
      throw new Error(`${target.name}: ${done.failures} of ${done.requests} requests failed.`)
    return done
  }
  const atMost = async (target: Target): Promise<Load> =>
    load(target, { connections: CLOSED_CONNECTIONS, seconds })
  for (const target of bench.targets) await atMost(target)
  const rounds: Round[] = []
  for (let round = 0; round < (full ? 10 : 5); round++) {
    signal.throwIfAborted()
    const foreign = await untilQuiet(probe)
    const capacity = new Map<Target, Omit<Sample, 'p50' | 'p99'>>()
    for (const target of bench.targets) {
      const cpu = (): [own: number, postgres: number] => [cpuMs(target.pid), cpuMs(bench.postgres)]
      const before = cpu()
      const { requests, seconds: took } = await atMost(target)
      const after = cpu()
      capacity.set(target, {
        perSecond: requests / took,
        cpuMs: (after[0] - before[0]) / requests,
        postgresCpuMs: (after[1] - before[1]) / requests,
      })
    }
    const offered = OFFERED_SHARE * Math.min(...[...capacity.values()].map(({ perSecond }) => perSecond))
    const latency = new Map<Target, Load>()
    for (const target of bench.targets) {
      latency.set(target, await load(target, { connections: OPEN_CONNECTIONS, seconds, perSecond: offered }))
    }
    say(`round ${round + 1}: offered ${offered.toFixed(0)}/s; others keep ${foreign.toFixed(1)} cores busy`)
    rounds.push(
      Object.fromEntries(
        bench.targets.map((target) => [target.name, { ...capacity.get(target), ...latency.get(target) }]),
      ) as unknown as Round,
    )
  }
  return rounds
}

const cpuMs = (pid: number): number => ticksOfTree(readProcesses(), [pid]) * TICK_MS

function report(rounds: readonly Round[]): Metric[] {
  const ratio = (key: keyof Sample): Spread => spreadOf(rounds.map(({ bare, ours }) => ours[key] / bare[key]))
  const absolute = (name: Target['name'], key: keyof Sample): number =>
    spreadOf(rounds.map((round) => round[name][key])).median
  const note = ({ min, max }: Spread): string =>
    `median of ${rounds.length}, ${min.toFixed(2)} to ${max.toFixed(2)}`
  const told = (key: string, of: keyof Sample, unit: string): Metric[] =>
    (['ours', 'bare'] as const).map((name) =>
      metric({ key: `${key}, ${name}`, value: absolute(name, of), unit }),
    )
  const [throughput, cpu, p99] = [ratio('perSecond'), ratio('cpuMs'), ratio('p99')]
  return [
    metric({
      key: 'throughput',
      value: throughput.median,
      unit: '× bare',
      atLeast: 0.4,
      note: note(throughput),
    }),
    metric({ key: 'CPU', value: cpu.median, unit: '× bare', atMost: 3, note: note(cpu) }),
    metric({ key: 'p99', value: p99.median, unit: '× bare', atMost: 3, note: note(p99) }),
    ...told('throughput', 'perSecond', '/s'),
    ...told('CPU', 'cpuMs', 'ms/request'),
    ...told('CPU of PostgreSQL', 'postgresCpuMs', 'ms/request'),
    ...told('p50', 'p50', 'ms'),
    ...told('p99', 'p99', 'ms'),
  ]
}
