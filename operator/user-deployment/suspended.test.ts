/** Who is to stand still does so, whatever else is wrong: it may be unpaid, stopped by hand, or more than the plan allows. */
import { beforeEach, expect, it } from 'vitest'

import type { UserDeployment, UserDeploymentSpecInput } from '../../src/contract/crd/user-deployment.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { KubeError, type KubeObject } from '../runtime/cluster.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { aResource, NAMESPACE, testSettings } from '../testing/resources.ts'
import type { LiveDeployment } from './observed.ts'

const ORDINALS = ['first', 'second', 'third'] as const
type Ordinal = (typeof ORDINALS)[number]

let operator: MemoryOperator
beforeEach(() => {
  operator = new MemoryOperator(testSettings())
})

/** One of three of an organisation, each younger than the one before. */
const one = (ordinal: Ordinal, suspended = false): UserDeployment =>
  aResource(
    { suspended },
    {
      name: `${ordinal}aaaaaaaaaa`.slice(0, 10) as never,
      uid: ordinal,
      creationTimestamp: `2030-01-0${ORDINALS.indexOf(ordinal) + 1}T00:00:00Z`,
    },
  )

/** Replicas by the name of the Deployment. */
const replicas = (): Record<string, number | undefined> =>
  Object.fromEntries(
    operator.cluster.objects
      .all('Deployment')
      .map((each) => [each.metadata.name, (each as LiveDeployment).spec.replicas]),
  )

async function put(...resources: UserDeployment[]): Promise<void> {
  for (const resource of resources) putResource(operator.cluster, resource)
  await operator.settle()
}

async function threeOfALargePlan(): Promise<void> {
  putNamespace(operator.cluster, one('first'), 'business')
  await put(...ORDINALS.map((ordinal) => one(ordinal)))
  expect(replicas()).toEqual({ 'firstaaaaa-web': 1, 'secondaaaa-web': 1, 'thirdaaaaa-web': 1 })
  putNamespace(operator.cluster, one('first'), 'free')
}

it('stops what a smaller plan holds back', async () => {
  await threeOfALargePlan()
  await put(one('second', true), one('third', true))
  expect(replicas()).toEqual({ 'firstaaaaa-web': 1, 'secondaaaa-web': 0, 'thirdaaaaa-web': 0 })
  expect(ORDINALS.map((each) => statusOf(operator.cluster, one(each))?.phase)).toEqual([
    'Ready',
    'Ready',
    'Ready',
  ])
})

it('runs the one that the owner keeps, and not the older ones', async () => {
  await threeOfALargePlan()
  await put(one('second', true), one('third', true))
  await put(one('third'))
  expect(statusOf(operator.cluster, one('third'))).toMatchObject({
    lastError: { reason: 'TierLimitReached' },
  })
  await put(one('first', true))
  expect(replicas()).toEqual({ 'firstaaaaa-web': 0, 'secondaaaa-web': 0, 'thirdaaaaa-web': 1 })
  expect(statusOf(operator.cluster, one('third'))).toMatchObject({ phase: 'Ready' })
})

const volume = (size: string) => ({ volumes: [{ name: 'data', path: '/data', size }] })

it.each<[string, Partial<UserDeploymentSpecInput>, Partial<UserDeploymentSpecInput>, string]>([
  ['a range that is not open', {}, { network: { egress: [{ cidr: '10.1.0.0/16' }] } }, 'InvalidSpec'],
  [
    'a volume that would become smaller',
    { services: [smallService(volume('2Gi'))] },
    { services: [smallService(volume('1Gi'))] },
    'InvalidSpec',
  ],
  [
    'a name that is taken, of a service without an address',
    {},
    { services: [smallService(), smallService({ name: 'api' })] },
    'NameTaken',
  ],
])('stops in spite of %s, and says it', async (_, before, changes, reason) => {
  const { objects } = operator.cluster
  const scaled = smallService({ name: 'scaled', autoscaling: { minReplicas: 2, maxReplicas: 3 } })
  const spec = (given: Partial<UserDeploymentSpecInput>): Partial<UserDeploymentSpecInput> => ({
    ...given,
    services: [...(given.services ?? [smallService()]), scaled],
  })
  putNamespace(operator.cluster, aResource())
  const foreign = objects.replace({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'abcdefghij-api', namespace: NAMESPACE },
    spec: {},
  } as KubeObject)
  await put(aResource(spec(before)))
  expect(replicas()).toEqual({ 'abcdefghij-web': 1, 'abcdefghij-scaled': 2 })
  expect(objects.all('HorizontalPodAutoscaler')).toHaveLength(1)

  await put(aResource({ ...spec({ ...before, ...changes }), suspended: true }))
  expect(replicas()).toEqual({ 'abcdefghij-web': 0, 'abcdefghij-scaled': 0 })
  expect(objects.all('HorizontalPodAutoscaler')).toEqual([])
  expect(statusOf(operator.cluster, aResource())).toMatchObject({ phase: 'Error', lastError: { reason } })
  expect(objects.get('Service', foreign.metadata)).toBe(foreign)
})

it("leaves somebody else's Deployment of that name running", async () => {
  putNamespace(operator.cluster, aResource())
  const foreign = operator.cluster.objects.replace({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'abcdefghij-web', namespace: NAMESPACE },
    spec: { replicas: 3, template: { spec: { containers: [] } } },
  } as KubeObject)
  await put(aResource({ suspended: true }))
  expect(operator.cluster.objects.get('Deployment', foreign.metadata)).toBe(foreign)
  expect(statusOf(operator.cluster, aResource())).toMatchObject({ lastError: { reason: 'NameTaken' } })
})

it('stops although the cluster refuses another part', async () => {
  putNamespace(operator.cluster, aResource())
  await put(aResource())
  const { cluster } = operator
  const apply = cluster.apply.bind(cluster)
  cluster.apply = async (wanted, options) => {
    if (wanted.kind !== 'Service') return apply(wanted, options)
    throw new KubeError({ status: 422, reason: 'Invalid', message: 'refused' })
  }
  const services = [smallService(), smallService({ name: 'api' })]
  await put(aResource({ services, suspended: true }))
  expect(replicas()).toEqual({ 'abcdefghij-web': 0 })
  expect(statusOf(cluster, aResource())).toMatchObject({ lastError: { reason: 'ConfigError' } })
})
