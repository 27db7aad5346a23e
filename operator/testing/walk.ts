/** Goes through a journey, undisturbed or not, and sees where it ends. */
import type { KubeObject } from '../runtime/cluster.ts'
import { putForeign, type Journey } from './journeys.ts'
import { CrashedError, MemoryCluster, type Cut } from './memory-cluster.ts'
import { MemoryOperator } from './memory-operator.ts'
import { collectGarbage } from './memory-world.ts'
import { testSettings } from './resources.ts'
import { orphans, wholeState } from './whole-state.ts'

interface Disturbance {
  /** What goes wrong with calls. */
  cut?: Cut
  /** No watch is told of the event with this number; after a while all watches begin anew. */
  lost?: number
  /** Every event is told so often. */
  times?: number
}

interface Findings {
  state: Record<string, unknown>
  orphans: string[]
  /** Writes of an operator that has come to rest and looks at everything again. */
  afterwards: string[]
  /** Slots of somebody else's objects that were changed or removed. */
  touched: string[]
}

interface Arrival {
  cluster: MemoryCluster
  operator: MemoryOperator
  findings: Findings
  crashes: number
  /** There was no such call. */
  wasSpared: boolean
}

/** More than anything takes that sees clearly. */
const BLIND_TURNS = 60

const settings = testSettings({ PRIVATE_EGRESS: '10.5.0.0/16', CLUSTER_ISSUER: 'letsencrypt' })

/** @throws when it does not come to rest */
export async function walk(
  { steps, calmSteps = 0 }: Journey,
  { cut, lost, times = 1 }: Disturbance = {},
): Promise<Arrival> {
  const cluster = new MemoryCluster()
  const foreign = putForeign(cluster)
  Object.assign(cluster.history, { lost, times })
  let crashes = 0
  let operator = new MemoryOperator(settings, cluster)
  for (const [at, step] of steps.entries()) {
    if (at === calmSteps) cluster.cut = cut
    step(cluster)
    if (lost !== undefined) {
      await operator.settle(BLIND_TURNS).catch(() => undefined)
      cluster.relist()
    }
    // After a crash another process starts on the same cluster, with nothing in its memory.
    while (!(await isSettled(operator))) {
      crashes++
      operator = operator.restarted()
    }
  }
  const wasSpared = cluster.cut !== undefined
  return { cluster, operator, crashes, wasSpared, findings: await rest(operator, foreign) }
}

/** What is there in the end, and what an operator that is through with everything does to it. */
export async function rest(operator: MemoryOperator, foreign: readonly KubeObject[] = []): Promise<Findings> {
  const { cluster } = operator
  cluster.cut = undefined
  await settled(operator)
  const { writes } = cluster.objects
  writes.length = 0
  operator.resync()
  await operator.settle()
  await operator.restarted().settle()
  const touched = foreign.filter((object) => cluster.objects.get(object.kind, object.metadata) !== object)
  return {
    state: wholeState(cluster),
    orphans: orphans(cluster),
    afterwards: [...writes],
    touched: touched.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
  }
}

async function settled(operator: MemoryOperator): Promise<void> {
  do await operator.settle()
  while (collectGarbage(operator.cluster))
}

/** @returns false when the process ended meanwhile */
async function isSettled(operator: MemoryOperator): Promise<boolean> {
  try {
    await settled(operator)
    return true
  } catch (error) {
    if (error instanceof CrashedError) return false
    throw error
  }
}
