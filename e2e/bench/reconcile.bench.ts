import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { compare } from '../../deploy/dev/bench/compare.ts'
import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { parseSettings } from '../../operator/settings.ts'
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { connectTransport } from '../../src/kubernetes/transport.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'
import { startTcpProxy } from '../fixtures/tcp-proxy.ts'
import { measureBacklog, measureIdleChange } from './reconcile/backlog.ts'
import { putUntilReady } from './reconcile/by-operator.ts'
import { measureClient } from './reconcile/client-cost.ts'
import { makeByHand } from './reconcile/floor.ts'
import { growTo, type Growth } from './reconcile/growth.ts'
import { startOperator, untilIdle, type OperatorProcess } from './reconcile/operator-process.ts'
import { withSimulatedCluster, type SimulatedCluster } from './reconcile/simulated-cluster.ts'
import { makeWorkload } from './reconcile/workload.ts'

/** What the operator costs on a real API server whose nodes are simulated. */
export const benchmark: Benchmark = {
  name: 'reconcile',
  about: 'UserDeployments to Ready, beside the same objects made by hand; memory, restart, rest, a backlog',
  run: async (context) => withSimulatedCluster(async (cluster) => measure(cluster, context)),
}

interface Sizes {
  rounds: number
  /** Deployments a round. */
  each: number
  /** Deployments beside which the operator is restarted, and has a backlog. */
  most: number
  /** At the end of growing. */
  farthest: number
  restSeconds: number
}

interface Bench {
  readonly cluster: SimulatedCluster
  readonly transport: Transport
  readonly sizes: Sizes
  readonly all: UserDeployment[]
  readonly context: BenchContext
}

const SMOKE: Sizes = { rounds: 1, each: 25, most: 100, farthest: 150, restSeconds: 5 }
const FULL: Sizes = { rounds: 5, each: 200, most: 2_000, farthest: 5_000, restSeconds: 60 }

async function measure(cluster: SimulatedCluster, context: BenchContext): Promise<Metric[]> {
  const transport = connectTransport({ kubeconfig: cluster.kubeconfig })
  const sizes = context.full ? FULL : SMOKE
  const bench: Bench = { cluster, transport, sizes, all: [], context }
  try {
    return [
      ...(await untilReady(bench)),
      ...(await afterRestart(bench)),
      ...(await behindBacklog(bench)),
      ...(await growingOn(bench)),
      ...(await measureClient(cluster.kubeconfig, context)),
    ]
  } finally {
    await transport.close()
  }
}

/** Interleaved rounds against the floor, then growth. */
async function untilReady(bench: Bench): Promise<Metric[]> {
  const { cluster, transport, sizes, all, context } = bench
  const operator = await startOperator(cluster.operatorKubeconfig)
  try {
    await operator.ready
    const rest = operator.residentKib()
    context.say('making namespaces')
    const loads = async (): Promise<UserDeployment[][]> =>
      Promise.all(Array.from({ length: sizes.rounds + 1 }, async () => makeWorkload(cluster.api, sizes.each)))
    const [ours, floors] = [await loads(), await loads()]
    const settings = parseSettings([], { CLUSTER_SECRET_STORE: 'vault' }).render
    await untilIdle(operator)
    const cost = await costOf(operator)
    const { variants } = await compare(
      [
        { name: 'by hand', run: async () => makeByHand(transport, floors.pop() ?? [], settings) },
        {
          name: 'operator',
          run: async () => {
            const next = ours.pop() ?? []
            all.push(...next)
            context.say(`${all.length} deployments`)
            await putUntilReady(transport, next)
          },
        },
      ],
      { rounds: sizes.rounds, signal: context.signal },
    )
    await untilIdle(operator)
    const { cpuMs, writes } = await cost()
    const made = all.length
    const grown = await growTo(sizes.most, { cluster, transport, operator, all, say: context.say })
    const { wallRatio, wallMs, cpuRatio } = variants['operator'] ?? Object.values(variants)[0] ?? missing()
    const spread = `${wallRatio.min.toFixed(2)} to ${wallRatio.max.toFixed(2)}, ${sizes.rounds} rounds of ${sizes.each}`
    return [
      metric({ key: 'time', value: wallRatio.median, unit: '× by hand', atMost: 1.5, note: spread }),
      metric({ key: 'time of a round', value: wallMs.median / 1000, unit: 's' }),
      metric({
        key: 'CPU of all',
        value: cpuRatio.median,
        unit: '× by hand',
        note: 'API server and controllers too',
      }),
      metric({ key: 'CPU', value: cpuMs / made, unit: 'ms/deployment', note: 'of the operator' }),
      metric({ key: 'writes', value: writes / made, unit: 'per deployment' }),
      metric({ key: 'memory at start', value: rest / 1024, unit: 'MiB' }),
      metric({
        key: 'memory',
        value: grown.fromMib,
        unit: 'MiB',
        atMost: 150,
        note: `at ${grown.from} deployments`,
      }),
      ...growthMetrics('growth', grown),
    ]
  } finally {
    await operator.stop()
  }
}

const missing = (): never => {
  throw new Error('The comparison has no such variant.')
}

/** Counts from here on. */
async function costOf(operator: OperatorProcess): Promise<() => Promise<{ cpuMs: number; writes: number }>> {
  const writesOf = async (): Promise<number> => operator.metric('shipyard_cluster_writes_total')
  const before = { writes: await writesOf(), cpuMs: operator.cpuMs() }
  return async () => {
    const cpuMs = operator.cpuMs() - before.cpuMs
    return { cpuMs, writes: (await writesOf()) - before.writes }
  }
}

function growthMetrics(key: string, { from, to, toMib, kibEach }: Growth): Metric[] {
  return [
    metric({ key: `${key}: memory`, value: toMib, unit: 'MiB', note: `at ${to} deployments` }),
    metric({ key, value: kibEach, unit: 'KiB/deployment', atMost: 40, note: `from ${from} to ${to}` }),
  ]
}

/** What many more deployments add to an operator that has found the first ones there. */
async function growingOn({ cluster, transport, sizes, all, context }: Bench): Promise<Metric[]> {
  const operator = await startOperator(cluster.operatorKubeconfig, OTHER_WAY_IN)
  try {
    await operator.ready
    await untilIdle(operator)
    const grown = await growTo(sizes.farthest, { cluster, transport, operator, all, say: context.say })
    return growthMetrics('growth further', grown)
  } finally {
    await operator.stop()
  }
}

/** A new operator finds everything as it should be, and then has nothing to do. */
async function afterRestart({ cluster, sizes, all, context }: Bench): Promise<Metric[]> {
  context.say('a restart')
  const { door, kubeconfig } = await throughDoor(cluster)
  const operator = await startOperator(kubeconfig)
  try {
    await operator.ready
    const readyMs = operator.cpuMs()
    const checkedMs = (await untilIdle(operator)) - readyMs
    const { reconciles } = await operator.work()
    if (reconciles < all.length) throw new Error(`Only ${reconciles} of ${all.length} were looked at.`)
    const checkedWrites = await operator.metric('shipyard_cluster_writes_total')
    context.say(`rest for ${sizes.restSeconds} s`)
    const rest = await costOf(operator)
    await sleep(sizes.restSeconds * 1_000)
    const { cpuMs, writes } = await rest()
    const note = `${all.length} deployments`
    return [
      metric({
        key: 'restart: CPU',
        value: checkedMs / all.length,
        unit: 'ms/deployment',
        atMost: 0.5,
        note,
      }),
      metric({ key: 'restart: writes', value: checkedWrites, unit: 'writes', atMost: 0, note }),
      metric({
        key: 'rest: writes',
        value: writes,
        unit: 'writes',
        atMost: 0,
        note: `${sizes.restSeconds} s`,
      }),
      metric({ key: 'rest: CPU', value: cpuMs / sizes.restSeconds, unit: 'ms/s' }),
      metric({ key: 'handshakes', value: door.connections(), unit: 'connections', atMost: 20 }),
    ]
  } finally {
    await operator.stop()
    await door.close()
  }
}

/** The operator's kubeconfig by way of a door that counts connections. */
async function throughDoor({ operatorKubeconfig, folder }: SimulatedCluster): Promise<{
  door: Awaited<ReturnType<typeof startTcpProxy>>
  kubeconfig: string
}> {
  const text = readFileSync(operatorKubeconfig, 'utf8')
  const origin = /server: "?(https:\/\/[^\s"]+)/.exec(text)?.[1] ?? ''
  const door = await startTcpProxy(origin)
  const kubeconfig = join(folder, 'counted.yaml')
  writeFileSync(kubeconfig, text.replace(origin, `https://127.0.0.1:${door.port}`), { mode: 0o600 })
  return { door, kubeconfig }
}

/** For traffic: every policy of every exposed service is different. */
const OTHER_WAY_IN = { INGRESS_FROM: '10.9.8.0/24' }

/** All have to be changed, and somebody wants something. */
async function behindBacklog({ cluster, transport, all, context }: Bench): Promise<Metric[]> {
  const calm = await startOperator(cluster.operatorKubeconfig)
  let idleMs: number
  try {
    await calm.ready
    await untilIdle(calm)
    idleMs = await measureIdleChange(transport, all)
  } finally {
    await calm.stop()
  }
  context.say(`a change behind a backlog of ${all.length}`)
  const busy = await startOperator(cluster.operatorKubeconfig, OTHER_WAY_IN)
  try {
    return await measureBacklog({ transport, operator: busy, all, idleMs })
  } finally {
    await busy.stop()
  }
}
