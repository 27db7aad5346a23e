/** The operator as processes: two of them, of which the one that leads is killed in the middle of its work. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { eventually, openCluster } from '../e2e/fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  installOperator,
  operatorKubeconfig,
  takeTurn,
  TURN_TIMEOUT_MS,
  type Deployed,
} from '../e2e/fixtures/operator.ts'
import { smallService } from '../src/contract/testing/specs.ts'

const cluster = openCluster()
const children: ChildProcess[] = []

let endTurn: () => Promise<void>

beforeAll(async () => {
  endTurn = await takeTurn(cluster)
  await installOperator(cluster)
}, TURN_TIMEOUT_MS)
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await endTurn()
  await cluster.close()
})

interface OperatorProcess {
  child: ChildProcess
  output: () => string
}

function start(...flags: string[]): OperatorProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...flags], {
    // Nothing of the test's own environment: what it needs is said.
    env: { KUBECONFIG: operatorKubeconfig(), CLUSTER_SECRET_STORE: 'vault', INGRESS_FROM: '10.1.2.3/32' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += String(chunk)))
  return { child, output: () => text }
}

const replica = (): OperatorProcess =>
  start('--health-probe-bind-address=0', '--leader-election-namespace=kube-system')

const leads = ({ output }: OperatorProcess): boolean => output().includes('This replica leads')

async function until(isMet: () => boolean, withinMs: number): Promise<void> {
  await eventually(withinMs, async () => {
    if (!isMet()) throw new Error(children.length.toString())
  })
}

const DEPLOYMENTS = inject('testLevel') >= 9 ? 50 : 15

it(
  `finishes ${DEPLOYMENTS} deployments after the leader was killed in the middle of them`,
  { timeout: 120_000 },
  async () => {
    const first = replica()
    await until(() => leads(first), 20_000)
    const second = replica()
    await until(() => second.output().includes('All watches are filled'), 20_000)
    expect(leads(second)).toBe(false)

    const tenant = await createTenant(cluster, 'enterprise')
    // No pod has to run for it to be ready.
    const services = [smallService({ replicas: 0 }), smallService({ name: 'api', replicas: 0 })]
    const deployed: Deployed[] = []
    for (let number = 0; number < DEPLOYMENTS; number++) {
      deployed.push(await deploy(cluster, tenant, { services, ingress: undefined }))
      if (number === Math.floor(DEPLOYMENTS * 0.6)) first.child.kill('SIGKILL')
    }
    await until(() => leads(second), 60_000)
    for (const each of deployed) await each.until(60_000, ({ phase }) => phase === 'Ready')
    for (const each of deployed) {
      expect(await each.children('apps/v1', 'Deployment')).toHaveLength(2)
      expect(await each.children('v1', 'Service')).toHaveLength(2)
    }

    second.child.kill('SIGTERM')
    expect(await once(second.child, 'exit')).toEqual([0, null])
    const lease = await cluster.get<{ spec: { holderIdentity?: string } }>(
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/shipyard-operator',
    )
    expect(lease.spec.holderIdentity ?? '').toBe('')
  },
)

it('says which flag is wrong and does not start', async () => {
  const { child, output } = start('--leader-elect=perhaps')
  expect(await once(child, 'exit')).toEqual([2, null])
  expect(output()).toBe('--leader-elect must be true or false.\n')
})
