/** How long one change takes: when nothing else is to be done, and when everything else is. */
import { metric, type Metric } from '../../../deploy/dev/bench/definition.ts'
import { spreadOf } from '../../../deploy/dev/bench/statistics.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { getObject } from '../../../src/kubernetes/apply.ts'
import type { KubeObject } from '../../../src/kubernetes/object.ts'
import { RESOURCES } from '../../../src/kubernetes/resources.ts'
import type { Transport } from '../../../src/kubernetes/transport-types.ts'
import { put, untilAll } from './by-operator.ts'
import { untilIdle, type OperatorProcess } from './operator-process.ts'

const CHANGES = 5

/** From the write until the operator says that it has acted on it, in milliseconds: the middle of some. */
export async function measureIdleChange(
  transport: Transport,
  all: readonly UserDeployment[],
): Promise<number> {
  const taken: number[] = []
  for (const resource of all.slice(0, CHANGES)) taken.push(await change(transport, resource))
  return spreadOf(taken).median
}

async function change(transport: Transport, resource: UserDeployment): Promise<number> {
  const { name, namespace = '' } = resource.metadata
  const ref = { name, namespace }
  const live = await getObject<KubeObject>(transport, RESOURCES.UserDeployment, ref)
  const next = Number(live?.metadata.generation) + 1
  const seen = untilAll(transport, [resource], ({ status }) => (status?.observedGeneration ?? 0) >= next)
  const startedAt = performance.now()
  await put(transport, [withVariable(resource, String(next))])
  await seen
  return performance.now() - startedAt
}

function withVariable(resource: UserDeployment, value: string): UserDeployment {
  const services = resource.spec.services.map((service) => ({
    ...service,
    env: [...service.env.filter(({ name }) => name !== 'CHANGED'), { name: 'CHANGED', value }],
  })) as UserDeployment['spec']['services']
  return { ...resource, spec: { ...resource.spec, services } }
}

interface Backlog {
  transport: Transport
  /** Just started, with settings that change every deployment. */
  operator: OperatorProcess
  all: readonly UserDeployment[]
  /** What a change takes without a backlog. */
  idleMs: number
}

export async function measureBacklog({ transport, operator, all, idleMs }: Backlog): Promise<Metric[]> {
  await operator.ready
  const done = async (): Promise<number> =>
    operator.metric('controller_runtime_reconcile_total', { controller: 'userdeployment' })
  // The last in the order of names and of ages: behind all others, were there one line only.
  const last = all.at(-1)
  if (!last) throw new Error('There is no deployment.')
  const before = await done()
  const tookMs = await change(transport, last)
  const between = (await done()) - before
  const waiting = await operator.metric('workqueue_depth')
  await untilIdle(operator)
  return [
    metric({ key: 'change at rest', value: idleMs, unit: 'ms', note: `median of ${CHANGES}` }),
    metric({
      key: 'change behind a backlog',
      value: tookMs / idleMs,
      unit: '× at rest',
      atMost: 2,
      note: `${waiting} still waited after it`,
    }),
    metric({
      key: 'place in the order',
      value: (between / all.length) * 100,
      unit: '%',
      note: 'of all reconciles since, those under way when it came too',
      // Those that were under way, and what the change itself causes, are not ahead of it.
      atMost: Math.max(1, (20 / all.length) * 100),
    }),
  ]
}
