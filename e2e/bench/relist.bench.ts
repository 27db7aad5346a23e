import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { AppsV1Api, KubeConfig } from '@kubernetes/client-node'
import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { programStore } from '../../deploy/local/programs/store.ts'
import { startStack } from '../../deploy/local/stack.ts'
import { serverSideApply } from '../../src/kubernetes/apply.ts'
import type { KubeObject } from '../../src/kubernetes/object.ts'
import { resourcePath } from '../../src/kubernetes/path.ts'
import { createReflector } from '../../src/kubernetes/reflector.ts'
import { RESOURCES } from '../../src/kubernetes/resources.ts'
import { representativeObjects } from '../../src/kubernetes/testing/representative-objects.ts'
import { connectTransport } from '../../src/kubernetes/transport.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'

/** Goal P7: filling a cache with thousands of objects must not hold up the process, nor fill its memory. */
export const benchmark: Benchmark = {
  name: 'relist',
  about: 'event-loop stall, CPU and memory of listing thousands of Deployments, beside the official client',
  async run(context) {
    const home = mkdtempSync(join(tmpdir(), 'shipyard-bench-'))
    const stack = await startStack({
      folder: join(home, 'stack'),
      programs: programStore({}),
      parts: ['kube-apiserver'],
    })
    try {
      await stack.untilReady()
      return await measure(stack.env.KUBECONFIG ?? '', context)
    } finally {
      await stack.stop()
      rmSync(home, { recursive: true, force: true })
    }
  },
}

interface Cost {
  /** Longest work of our own between two turns of the event loop: what neighbours on the machine do not change. */
  stretchP99: number
  stretchMax: number
  stallP99: number
  stallMax: number
  cpuMs: number
  keptBytes: number
}

async function measure(kubeconfig: string, { full, say, signal }: BenchContext): Promise<Metric[]> {
  const transport = connectTransport({ kubeconfig })
  const objects = full ? 10_000 : 3_000
  const rounds = full ? 5 : 3
  try {
    say(`making ${objects} Deployments`)
    await fill(transport, objects)
    const ours: Cost[] = []
    const whole: Cost[] = []
    const typed: Cost[] = []
    // The first round is for the compiler, and does not count.
    for (let round = 0; round <= rounds && !signal.aborted; round++) {
      say(round === 0 ? 'a round to warm up' : `round ${round} of ${rounds}`)
      const costs = [
        await cost(async () => listed(transport)),
        await cost(async () => wholeList(transport)),
        await cost(async () => typedList(kubeconfig)),
      ] as const
      if (round > 0) [ours, whole, typed].forEach((all, at) => all.push(costs[at as 0 | 1 | 2]))
    }
    return report(objects, { ours, whole, typed })
  } finally {
    await transport.close()
  }
}

function report(objects: number, costs: Record<'ours' | 'whole' | 'typed', Cost[]>): Metric[] {
  const middle = (all: Cost[], what: keyof Cost): number =>
    all.map((each) => each[what]).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
  const note = `${objects} Deployments, median of ${costs.ours.length}`
  const ratio = middle(costs.ours, 'cpuMs') / middle(costs.typed, 'cpuMs')
  const kilobytes = (all: Cost[]): number => middle(all, 'keptBytes') / objects / 1000
  return [
    metric({ key: 'stall p99', value: middle(costs.ours, 'stallP99'), unit: 'ms', atMost: 30, note }),
    metric({ key: 'stall max', value: middle(costs.ours, 'stallMax'), unit: 'ms' }),
    metric({ key: 'stretch p99', value: middle(costs.ours, 'stretchP99'), unit: 'ms CPU', atMost: 30 }),
    metric({ key: 'stretch max', value: middle(costs.ours, 'stretchMax'), unit: 'ms CPU' }),
    metric({ key: 'kept', value: kilobytes(costs.ours), unit: 'kB/object', atMost: 3 }),
    metric({ key: 'CPU', value: middle(costs.ours, 'cpuMs'), unit: 'ms' }),
    metric({ key: 'CPU ratio', value: ratio, unit: '× client-node', atMost: 0.6 }),
    metric({ key: 'JSON.parse: stretch max', value: middle(costs.whole, 'stretchMax'), unit: 'ms CPU' }),
    metric({ key: 'JSON.parse: stall max', value: middle(costs.whole, 'stallMax'), unit: 'ms' }),
    metric({ key: 'JSON.parse: CPU', value: middle(costs.whole, 'cpuMs'), unit: 'ms' }),
    metric({ key: 'JSON.parse: kept', value: kilobytes(costs.whole), unit: 'kB/object' }),
    metric({ key: 'client-node: stretch max', value: middle(costs.typed, 'stretchMax'), unit: 'ms CPU' }),
    metric({ key: 'client-node: stall max', value: middle(costs.typed, 'stallMax'), unit: 'ms' }),
    metric({ key: 'client-node: CPU', value: middle(costs.typed, 'cpuMs'), unit: 'ms' }),
    metric({ key: 'client-node: kept', value: kilobytes(costs.typed), unit: 'kB/object' }),
  ]
}

/** Nothing looks at them: there is no controller manager. */
async function fill(transport: Transport, objects: number): Promise<void> {
  const deployment = usualDeployment()
  let next = 0
  const maker = async (): Promise<void> => {
    for (let at = next++; at < objects; at = next++) {
      const object = { ...deployment, metadata: { ...deployment.metadata, name: `web-${at}` } }
      await serverSideApply(transport, { object, fieldManager: 'bench' })
    }
  }
  await Promise.all(Array.from({ length: 16 }, maker))
}

/** What the goal was set for: 4 kB as the API server sends it, with probes, volumes and limits. */
function usualDeployment(): KubeObject {
  const found = representativeObjects('default').find(({ kind }) => kind === 'Deployment')
  if (!found) throw new Error('There is no representative Deployment.')
  const { template } = (found as unknown as { spec: { template: { spec: Record<string, unknown> } } }).spec
  const [container] = template.spec.containers as Record<string, unknown>[]
  for (const rare of ['tolerations', 'topologySpreadConstraints', 'nodeSelector', 'imagePullSecrets']) {
    delete template.spec[rare]
  }
  for (const rare of ['startupProbe', 'livenessProbe', 'args']) delete container?.[rare]
  return found
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** @param work answers what it keeps, and how to let go of it */
async function cost(work: () => Promise<{ kept: unknown; end: () => Promise<void> }>): Promise<Cost> {
  await sleep(200)
  collectGarbage()
  collectGarbage()
  const heapBefore = process.memoryUsage().heapUsed
  const delays = monitorEventLoopDelay({ resolution: 1 })
  const cpuBefore = process.cpuUsage()
  delays.enable()
  const stretches = measureStretches()
  const { kept, end } = await work()
  // What was done last is late for timers that come after it only.
  await sleep(5)
  const ofOurs = stretches()
  delays.disable()
  const { user, system } = process.cpuUsage(cpuBefore)
  collectGarbage()
  collectGarbage()
  const keptBytes = process.memoryUsage().heapUsed - heapBefore
  if (kept === undefined) throw new Error('Nothing was kept.')
  await end()
  return {
    ...ofOurs,
    stallP99: delays.percentile(99) / 1e6,
    stallMax: delays.max / 1e6,
    cpuMs: (user + system) / 1000,
    keptBytes,
  }
}

function measureStretches(): () => Pick<Cost, 'stretchP99' | 'stretchMax'> {
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  const all: number[] = []
  let last = cpuMs()
  const look = (): void => {
    const now = cpuMs()
    all.push(now - last)
    last = now
  }
  const timer = setInterval(look, 1)
  return () => {
    clearInterval(timer)
    look()
    const sorted = all.toSorted((a, b) => a - b)
    return { stretchP99: sorted[Math.floor(sorted.length * 0.99)] ?? 0, stretchMax: sorted.at(-1) ?? 0 }
  }
}

async function listed(transport: Transport): Promise<{ kept: unknown; end: () => Promise<void> }> {
  const reflector = createReflector({ resource: RESOURCES.Deployment, transport })
  reflector.start()
  await reflector.untilSynced()
  return { kept: reflector, end: async () => reflector.stop() }
}

async function wholeList(transport: Transport): Promise<{ kept: unknown; end: () => Promise<void> }> {
  const path = resourcePath(RESOURCES.Deployment)
  const kept = await transport.request({ method: 'GET', path, timeoutMs: 120_000 })
  return { kept, end: async () => {} }
}

async function typedList(kubeconfig: string): Promise<{ kept: unknown; end: () => Promise<void> }> {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const kept = await config.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces()
  return { kept, end: async () => {} }
}
