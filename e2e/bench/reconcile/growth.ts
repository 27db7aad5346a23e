/** What the operator's memory is, and what each deployment more adds to it. */
import { setTimeout as sleep } from 'node:timers/promises'

import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import type { Transport } from '../../../src/kubernetes/transport-types.ts'
import { putUntilReady } from './by-operator.ts'
import { untilIdle, type OperatorProcess } from './operator-process.ts'
import type { SimulatedCluster } from './simulated-cluster.ts'
import { makeWorkload } from './workload.ts'

/** Made at once: a burst of all of them would only measure how long its end waits. */
const STEP = 1_000

interface Growing {
  readonly cluster: SimulatedCluster
  readonly transport: Transport
  readonly operator: OperatorProcess
  /** Those that are there; what is made is added. */
  readonly all: UserDeployment[]
  readonly say: (line: string) => void
}

/** Counts of deployments, and the memory beside them. */
export interface Growth {
  readonly from: number
  readonly to: number
  readonly fromMib: number
  readonly toMib: number
  readonly kibEach: number
}

/** Makes deployments until there are `most`. */
export async function growTo(most: number, growing: Growing): Promise<Growth> {
  const { cluster, transport, operator, all, say } = growing
  const from = all.length
  const fromKib = await settledKib(operator)
  while (all.length < most) {
    const more = await makeWorkload(cluster.api, Math.min(STEP, most - all.length))
    say(`${more.length} more deployments`)
    await putUntilReady(transport, more)
    all.push(...more)
  }
  await untilIdle(operator)
  const toKib = await settledKib(operator)
  const to = all.length
  const kibEach = (toKib - fromKib) / Math.max(1, to - from)
  return { from, to, fromMib: fromKib / 1024, toMib: toKib / 1024, kibEach }
}

/** The least of ten seconds: garbage comes and goes. */
async function settledKib(operator: OperatorProcess): Promise<number> {
  const seen: number[] = []
  for (let second = 0; second < 10; second++) {
    seen.push(operator.residentKib())
    await sleep(1_000)
  }
  return Math.min(...seen)
}
