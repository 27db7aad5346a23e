/** The operator as it is run: a process of its own, asked by its metrics and by Linux. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'

import { LEAN_FLAGS, leanEnvironment } from '../../../deploy/dev/start/lean-node.ts'
import { repository } from '../../../deploy/local/settings.ts'
import { freePort } from '../../fixtures/free-port.ts'
import { parseProcess, TICK_MS } from '../../../deploy/dev/bench/processes.ts'

/** What the operator says when it has seen everything there is. */
const FILLED = 'All watches are filled'

export interface OperatorProcess {
  /** Resolves when it leads and all watches are filled. */
  readonly ready: Promise<void>
  /** User and system time so far, in milliseconds, in steps of 10. */
  cpuMs(): number
  /** Resident memory, in KiB. */
  residentKib(): number
  /** A metric by its name, summed over all label values that fit. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
  /** Reconciles so far, and keys in line, at one look: asking costs the operator as much as many reconciles. */
  work(): Promise<{ reconciles: number; waiting: number }>
  stop(): Promise<void>
}

export const CONCURRENCY = 8

/** @param variables settings besides the kubeconfig */
export async function startOperator(
  kubeconfig: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<OperatorProcess> {
  const port = await freePort()
  const args = [
    ...LEAN_FLAGS,
    join(repository, 'operator/main.ts'),
    '--health-probe-bind-address=0',
    `--metrics-bind-address=127.0.0.1:${port}`,
    '--leader-election-namespace=kube-system',
  ]
  const child = spawn(process.execPath, args, {
    env: {
      KUBECONFIG: kubeconfig,
      CLUSTER_SECRET_STORE: 'vault',
      INGRESS_STATUS: 'false',
      ...leanEnvironment(join(repository, 'node_modules/.cache/compiled')),
      MAX_CONCURRENT_RECONCILES: String(CONCURRENCY),
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const filled = Promise.withResolvers<undefined>()
  const lines = createInterface(child.stdout)
  let isFilled = false
  let leads = false
  lines.on('line', (line) => {
    isFilled ||= line.includes(FILLED)
    leads ||= line.includes('This replica leads')
    if (isFilled && leads) filled.resolve(undefined)
  })
  child.once('exit', () => filled.reject(new Error('The operator has ended.')))
  const { pid = 0 } = child
  return {
    ready: filled.promise,
    cpuMs: () => parseProcess(readFileSync(`/proc/${pid}/stat`, 'utf8')).ticks * TICK_MS,
    residentKib: () =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN),
    metric: async (name, labels = {}) => sumOf(await metricsAt(port), name, labels),
    async work() {
      const told = await metricsAt(port)
      return {
        reconciles: sumOf(told, 'controller_runtime_reconcile_total'),
        waiting: sumOf(told, 'workqueue_depth'),
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

const LOOK_MS = 500
/** Of CPU, between two looks: watches are held open, a lease is renewed. */
const IDLE_MS = 20

/**
 * Waits until it has had nothing to do for a while. It is asked only when it looks idle from outside.
 *
 * @returns its CPU time when it was seen to be idle, before it was asked
 */
export async function untilIdle(operator: OperatorProcess): Promise<number> {
  for (let before = operator.cpuMs(), quiet = 0; ;) {
    await sleep(LOOK_MS)
    const now = operator.cpuMs()
    quiet = now - before <= IDLE_MS ? quiet + 1 : 0
    before = now
    if (quiet >= 2 && (await operator.work()).waiting === 0) return now
  }
}

async function metricsAt(port: number): Promise<string[]> {
  const answer = await request(`http://127.0.0.1:${port}/metrics`, { headersTimeout: 10_000 })
  return (await answer.body.text()).split('\n')
}

function sumOf(
  lines: readonly string[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return lines
    .filter((line) => line.startsWith(name) && /[ {]/.test(line[name.length] ?? ''))
    .filter((line) => wanted.every((each) => line.includes(each)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
