import { beforeEach, expect, it } from 'vitest'

import { LABELS } from '../../src/contract/crd/meta.ts'
import type { UserDeployment, UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import type { FilePath } from '../../src/contract/names.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { aResource, NAMESPACE, testSettings } from '../testing/resources.ts'
import { SCENARIOS } from '../testing/scenarios.ts'

let operator: MemoryOperator
beforeEach(() => {
  operator = new MemoryOperator(testSettings())
})

const names = (kind: string): string[] =>
  operator.cluster.objects.all(kind).map(({ metadata }) => metadata.name)
const status = (resource: UserDeployment): UserDeploymentStatus | undefined =>
  statusOf(operator.cluster, resource)
const stack = SCENARIOS.find(({ name }) => name === 'hello-stack')?.resource ?? aResource()

async function deploy(resource: UserDeployment): Promise<void> {
  putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await operator.settle()
}

it('brings a deployment to Ready and then writes nothing more', async () => {
  await deploy(stack)
  expect(status(stack)).toMatchObject({
    observedGeneration: 1,
    phase: 'Ready',
    readyRevision: 1,
    urls: ['http://abcdefghij.apps.localhost:20080'],
    services: [
      { name: 'web', desired: 1, updated: 1, ready: 1 },
      { name: 'api', desired: 1, updated: 1, ready: 1 },
    ],
  })
  const conditions = status(stack)?.conditions.map(({ type, status: is }) => `${type}=${is}`)
  expect(conditions?.toSorted()).toEqual(['Progressing=False', 'Ready=True', 'SecretsSynced=True'])
  const { writes } = operator.cluster.objects
  writes.length = 0
  operator.resync()
  await operator.settle()
  expect(writes).toEqual([])
})

it('gives pods the addresses of all services by their bare names', async () => {
  await deploy(stack)
  const addresses = new Map(
    operator.cluster.objects
      .all('Service')
      .map((service) => [
        service.metadata.name,
        (service as unknown as { spec: { clusterIP: string } }).spec.clusterIP,
      ]),
  )
  for (const deployment of operator.cluster.objects.all('Deployment')) {
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: {
            hostAliases: [
              { ip: addresses.get('abcdefghij-api'), hostnames: ['api'] },
              { ip: addresses.get('abcdefghij-web'), hostnames: ['web'] },
            ],
          },
        },
      },
    })
  }
})

it('makes nothing before the namespace is fenced', async () => {
  putResource(operator.cluster, stack)
  await operator.settle()
  expect(names('Deployment')).toEqual([])
  expect(status(stack)).toMatchObject({ phase: 'Error', lastError: { reason: 'InvalidSpec' } })
  putNamespace(operator.cluster, stack, 'free')
  const { writes } = operator.cluster.objects
  writes.length = 0
  await operator.settle()
  const first = writes.findIndex((write) => write.startsWith('apply') && write.includes('/abcdefghij'))
  expect(writes.slice(0, first)).toEqual(
    expect.arrayContaining([
      `apply NetworkPolicy ${NAMESPACE}/shipyard-default-deny`,
      `apply ResourceQuota ${NAMESPACE}/shipyard`,
      `apply LimitRange ${NAMESPACE}/shipyard`,
      `apply ServiceAccount ${NAMESPACE}/shipyard-workload`,
    ]),
  )
  expect(status(stack)?.phase).toBe('Ready')
})

it('keeps the secrets and config files of the old pods until those are gone', async () => {
  await deploy(stack)
  const before = [...names('ExternalSecret'), ...names('ConfigMap')]
  const [web, api] = stack.spec.services
  if (!web || !api) throw new Error('the stack has two services')
  const changed: UserDeployment = {
    ...stack,
    spec: {
      ...stack.spec,
      revision: 2,
      services: [
        {
          ...web,
          configFiles: [{ path: '/etc/hello/message.txt' as FilePath, content: 'another', mode: 0o444 }],
        },
        { ...api, secrets: api.secrets.map((secret) => ({ ...secret, version: 4 })) },
      ],
    },
  }
  const lost: string[] = []
  operator.cluster.objects.listen(({ type, object }) => {
    if (type !== 'delete' || !before.includes(object.metadata.name)) return
    const inUse = JSON.stringify(operator.cluster.objects.all('ReplicaSet'))
    if (inUse.includes(object.metadata.name)) lost.push(object.metadata.name)
  })
  putResource(operator.cluster, changed)
  await operator.settle()
  expect(lost).toEqual([])
  expect(names('ExternalSecret')).toEqual([expect.stringMatching(/^abcdefghij-api--v4-/)])
  expect(names('ConfigMap')).toHaveLength(1)
  expect(before).not.toContain(names('ConfigMap')[0])
})

it('takes nothing that it did not make for its own', async () => {
  putNamespace(operator.cluster, stack)
  const foreign = operator.cluster.objects.replace({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'abcdefghij-api', namespace: NAMESPACE },
    spec: { clusterIP: '10.96.0.200' },
  } as KubeObject)
  putResource(operator.cluster, stack)
  await operator.settle()
  expect(operator.cluster.objects.get('Service', foreign.metadata)).toEqual(foreign)
  expect(status(stack)).toMatchObject({ phase: 'Error', lastError: { reason: 'NameTaken' } })
  expect(status(stack)?.lastError?.message).toContain('Service abcdefghij-api that Shipyard did not make')
  expect(names('Deployment')).toEqual([])
  operator.cluster.objects.drop(foreign)
  operator.resync()
  await operator.settle()
  expect(status(stack)?.phase).toBe('Ready')
})

it('waits until what a namesake left behind is gone', async () => {
  await deploy(stack)
  const left = operator.cluster.objects.all('Service').map((service) => structuredClone(service))
  operator.cluster.objects.drop(operator.cluster.objects.get('UserDeployment', stack.metadata) ?? stack)
  for (const each of left) operator.cluster.objects.replace(each)
  const again = aResource({ services: stack.spec.services }, { uid: '00000000-0000-4000-8000-000000000002' })
  putResource(operator.cluster, again)
  await operator.settle()
  expect(status(again)?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', reason: 'Deleting' }),
  )
  for (const each of operator.cluster.objects.all('Service')) operator.cluster.objects.drop(each)
  await operator.settle()
  expect(status(again)?.phase).toBe('Ready')
})

it('gives a Service that somebody deleted its address back', async () => {
  await deploy(stack)
  const before = operator.cluster.objects.get('Service', { namespace: NAMESPACE, name: 'abcdefghij-api' })
  operator.cluster.objects.drop(before ?? stack)
  await operator.settle()
  const after = operator.cluster.objects.get('Service', { namespace: NAMESPACE, name: 'abcdefghij-api' })
  expect(after).toMatchObject({
    spec: { clusterIP: (before as { spec?: { clusterIP: string } }).spec?.clusterIP },
  })
  expect(after?.metadata.uid).not.toBe(before?.metadata.uid)
})

it('stops all pods of a suspended deployment and starts them again', async () => {
  await deploy(stack)
  const suspended = { ...stack, spec: { ...stack.spec, suspended: true } }
  putResource(operator.cluster, suspended)
  await operator.settle()
  expect(operator.cluster.objects.all('Deployment')).toMatchObject([
    { spec: { replicas: 0 } },
    { spec: { replicas: 0 } },
  ])
  expect(status(stack)).toMatchObject({ phase: 'Ready', services: [{ desired: 0 }, { desired: 0 }] })
  expect(status(stack)?.conditions).toContainEqual(
    expect.objectContaining({ type: 'Ready', reason: 'Suspended' }),
  )
  putResource(operator.cluster, stack)
  await operator.settle()
  expect(operator.cluster.objects.all('Deployment')).toMatchObject([
    { spec: { replicas: 1 } },
    { spec: { replicas: 1 } },
  ])
})

it('leaves nothing behind but the volumes that are to be kept', async () => {
  const database = SCENARIOS.find(({ name }) => name === 'database')?.resource ?? stack
  await deploy(database)
  expect(names('PersistentVolumeClaim')).toEqual(['abcdefghij-postgres--data', 'abcdefghij-postgres--backup'])
  operator.cluster.objects.drop(operator.cluster.objects.get('UserDeployment', database.metadata) ?? database)
  await operator.settle()
  const left = operator.cluster.objects
    .everything()
    .filter(({ metadata }) => metadata.labels?.[LABELS.deployment])
  expect(left.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'PersistentVolumeClaim abcdefghij-postgres--backup',
  ])
})

it('says Deleting while somebody holds the resource, and touches nothing', async () => {
  await deploy(stack)
  const raw = operator.cluster.objects.get('UserDeployment', stack.metadata) ?? stack
  operator.cluster.objects.replace({
    ...raw,
    metadata: {
      ...raw.metadata,
      deletionTimestamp: '2030-01-01T01:00:00Z',
      finalizers: ['foregroundDeletion'],
    },
  })
  for (const each of operator.cluster.objects.all('Deployment')) operator.cluster.objects.drop(each)
  await operator.settle()
  expect(status(stack)).toMatchObject({
    phase: 'Deleting',
    urls: [],
    deadlineAt: '2030-01-01T01:05:00.000Z',
    conditions: [
      { type: 'Ready', status: 'False', reason: 'Deleting' },
      { type: 'Reconciling', status: 'True', reason: 'Deleting' },
    ],
  })
  expect(names('Deployment')).toEqual([])
})

it.each([
  ['the finalizer of somebody', ['x/y', 'foregroundDeletion'], 'x/y holds it. Whoever set that finalizer'],
  ['a part that does not go', ['foregroundDeletion'], 'some of its parts are still being removed.'],
])('is an error when %s holds it for too long, and says so', async (_, finalizers, says) => {
  await deploy(stack)
  const raw = operator.cluster.objects.get('UserDeployment', stack.metadata) ?? stack
  const metadata = { ...raw.metadata, deletionTimestamp: '2030-01-01T01:00:00Z', finalizers }
  operator.cluster.objects.replace({ ...raw, metadata })
  operator.nowMs = Date.parse('2030-01-01T01:05:00Z')
  await operator.settle()
  expect(status(stack)).toMatchObject({
    phase: 'Error',
    lastError: { reason: 'DeadlineExceeded', message: expect.stringContaining(says) },
    conditions: [
      { type: 'Ready', status: 'False', reason: 'DeadlineExceeded' },
      { type: 'Stalled', status: 'True', reason: 'DeadlineExceeded' },
    ],
  })
})

it('keeps the number of pods that was scaled to', async () => {
  const scaled = aResource({
    services: [smallService({ autoscaling: { minReplicas: 2, maxReplicas: 6 } })],
  })
  await deploy(scaled)
  const [before] = operator.cluster.objects.all('Deployment')
  expect(before).toMatchObject({ spec: { replicas: 2 } })
  operator.cluster.objects.replace({
    ...before,
    spec: { ...(before as never as { spec: object }).spec, replicas: 5 },
  } as never)
  await operator.settle()
  putResource(operator.cluster, {
    ...scaled,
    spec: { ...scaled.spec, restartedAt: '2030-05-05T05:05:05Z' },
  })
  await operator.settle()
  expect(operator.cluster.objects.all('Deployment')).toMatchObject([{ spec: { replicas: 5 } }])
})

it('does not delete again what is on its way out, however long somebody holds it', async () => {
  await deploy(stack)
  const { objects } = operator.cluster
  const place = { namespace: NAMESPACE, name: 'abcdefghij-web' }
  const service = objects.get('Service', place)
  if (!service) throw new Error('there is a service')
  const going = objects.replace({
    ...service,
    metadata: { ...service.metadata, deletionTimestamp: '2030-01-01T01:00:00Z', finalizers: ['x/y'] },
  })
  const { ingress: _ingress, ...spec } = stack.spec
  putResource(operator.cluster, { ...stack, spec: { ...spec, services: spec.services.slice(1) } })
  await operator.settle()
  expect(names('Deployment')).toEqual(['abcdefghij-api'])
  expect(objects.get('Service', place)).toBe(going)
})
