import { expect, it } from 'vitest'

import { smallService } from '../../src/contract/testing/specs.ts'
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { aDeployment, anObserved, aPod, aService, liveMap } from '../testing/observed.ts'
import { aResource, testSettings } from '../testing/resources.ts'
import { scenario } from '../testing/scenarios.ts'
import { findHolds, findObstacle, findTroubles, worstOf } from './checks.ts'
import { stuck, waits } from './checks/finding.ts'
import { considerBeside, type Considered } from './considered.ts'
import type { Manifest } from './manifest.ts'
import type { LiveDeployment, Observed } from './observed.ts'
import { renderUserDeployment } from './render.ts'

const settings = testSettings()
const stack = scenario('hello-stack').resource

function considered(resource: UserDeployment, changes: Partial<Observed> = {}): Considered {
  return considerBeside(anObserved(resource, changes), settings)
}

const wanted = (resource: UserDeployment, kind: string): Manifest[] =>
  renderUserDeployment(resource, settings).filter((object) => object.kind === kind)

const services = (resource: UserDeployment): Manifest[] =>
  wanted(resource, 'Service').map((object) => ({ ...object, spec: { clusterIP: '10.96.0.9' } }))

const synced = (status: string, message?: string): Manifest[] =>
  wanted(stack, 'ExternalSecret').map((object) => ({
    ...object,
    status: { conditions: [{ type: 'Ready', status, ...(message === undefined ? {} : { message }) }] },
  }))

it('finds no obstacle where all is as it should be', () => {
  expect(findObstacle(considered(stack))).toBeUndefined()
})

it.each([
  [
    'a namespace that is going',
    { namespace: { labels: {}, isTerminating: true, missingGuards: [] } },
    'Deleting',
  ],
  ['a namespace of nobody', { namespace: undefined }, 'InvalidSpec'],
  [
    'a namespace that lets anything in',
    {
      namespace: {
        labels: { ...anObserved(stack).namespace?.labels, 'pod-security.kubernetes.io/enforce': 'baseline' },
        isTerminating: false,
        missingGuards: [],
      },
    },
    'InvalidSpec',
  ],
  ['a cluster without External Secrets', { unserved: new Set(['ExternalSecret']) }, 'SecretStoreUnavailable'],
] satisfies [string, Partial<Observed>, string][])('does not begin with %s', (_, changes, reason) => {
  expect(findObstacle(considered(stack, changes))).toMatchObject({ reason })
})

it('does not begin with secrets where there is no store, and does without them', () => {
  const none = testSettings({ CLUSTER_SECRET_STORE: '' })
  expect(findObstacle({ ...considered(stack), settings: none })).toMatchObject({
    reason: 'SecretStoreUnavailable',
  })
  expect(findObstacle({ ...considered(aResource()), settings: none })).toBeUndefined()
})

it('leads nobody past what was asked for where Traefik has no middlewares, and does without them', () => {
  const unserved = new Set(['Middleware'])
  const { resource } = scenario('own-certificate')
  expect(findObstacle(considered(resource, { unserved }))).toMatchObject({
    kind: 'stuck',
    reason: 'IngressUnsupported',
  })
  expect(findObstacle(considered(aResource(), { unserved }))).toBeUndefined()
})

it.each([
  ['1Gi', undefined, 'cannot become smaller'],
  ['2Gi', 'slow', 'cannot change its storage class'],
])('does not touch a volume that would become %s of class %s', (size, storageClass, says) => {
  const volume = { name: 'data', path: '/data', size }
  const resource = aResource({
    services: [
      smallService({ volumes: [storageClass === undefined ? volume : { ...volume, storageClass }] }),
    ],
  })
  const live = wanted(resource, 'PersistentVolumeClaim').map((claim) => ({
    ...claim,
    spec: { storageClassName: 'fast', resources: { requests: { storage: '2Gi' } } },
  }))
  expect(findObstacle(considered(resource, { live: liveMap(...live) }))?.message).toContain(says)
})

it('holds pods until all addresses are there', () => {
  const holds = findHolds(considered(aResource()))
  expect(holds.get('web')).toMatchObject({
    kind: 'waits',
    message: 'Service web is being given its address.',
  })
})

it('holds a service for its secrets and its dependencies, and nothing else', () => {
  const live = liveMap(...services(stack))
  expect(findHolds(considered(stack, { live })).get('api')).toMatchObject({ reason: 'SecretsPending' })
  const ready = { live: liveMap(...services(stack), ...synced('True')) }
  expect([...findHolds(considered(stack, ready))]).toMatchObject([['web', { reason: 'DependencyPending' }]])
  const running = new Map([['api', aService({ deployment: aDeployment() })]])
  expect([...findHolds(considered(stack, { ...ready, services: running }))]).toEqual([])
})

it('does not hold a service back again once it was started', () => {
  const live = liveMap(...services(stack), ...synced('True'))
  const started = new Map([['web', aService()]])
  expect([...findHolds(considered(stack, { live, services: started }))]).toEqual([])
})

it('holds nothing back that is to be stopped', () => {
  const suspended = { ...stack, spec: { ...stack.spec, suspended: true } }
  expect([...findHolds(considered(suspended, { live: liveMap(...services(stack)) }))]).toEqual([])
})

it.each([
  [
    'error processing spec.data[0] (key: p), err: cannot find secret data for key: "TOKEN"',
    'stuck',
    'SecretsIncomplete',
    'no value for TOKEN of users/',
  ],
  [
    'error processing spec.data[0] (key: p), err: Secret does not exist',
    'stuck',
    'SecretsIncomplete',
    '(version 3). Set the secret.',
  ],
  [
    'dial tcp 127.0.0.1:8200: connect: connection refused',
    'waits',
    'SecretStoreUnavailable',
    'connection refused. It is tried again.',
  ],
])('reads what External Secrets says: %s', (note, kind, reason, says) => {
  const [secret] = wanted(stack, 'ExternalSecret')
  const changes = {
    live: liveMap(...services(stack), ...synced('False', 'could not get secret data from provider')),
    complaints: new Map([[secret?.metadata.name ?? '', note]]),
  }
  const hold = findHolds(considered(stack, changes)).get('api')
  expect(hold).toMatchObject({ kind, reason })
  expect(hold?.message).toContain(says)
})

it('finds no trouble with services that run, whatever happened to their pods before', () => {
  const running = new Map(['web', 'api'].map((name) => [name, aService({ deployment: aDeployment() })]))
  expect([...findTroubles(considered(stack, { services: running }), new Map())]).toEqual([])
})

it('does not take a status of before the last change for one of after it', () => {
  const stale = aDeployment({ observedGeneration: 2 })
  const troubles = findTroubles(
    considered(aResource(), { services: new Map([['web', aService({ deployment: stale })]]) }),
    new Map(),
  )
  expect(troubles.get('web')).toMatchObject({ reason: 'RollingOut' })
})

it.each([
  [1, 'The new pods of service web did not become ready in time. Those of before go on running.'],
  [0, 'The pods of service web did not become ready in time. Look at its log.'],
])('says that pods did not become ready in time, and whether %i of before run', (readyReplicas, says) => {
  const late = aDeployment({
    updatedReplicas: 0,
    readyReplicas,
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
  })
  const troubles = findTroubles(
    considered(aResource(), { services: new Map([['web', aService({ deployment: late })]]) }),
    new Map(),
  )
  expect(troubles.get('web')).toMatchObject({
    kind: 'stuck',
    reason: 'DeadlineExceeded',
    message: expect.stringContaining(says),
  })
})

it('keeps the cause of a rollout that has come to a standstill, and takes it for what it is', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }]
  const full = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: '0/1 nodes are available: 1 Insufficient cpu.',
  }
  const troubleOf = (deployment: LiveDeployment) =>
    findTroubles(
      considered(aResource(), {
        services: new Map([['web', aService({ deployment, pods: [aPod({}, { conditions: [full] })] })]]),
      }),
      new Map(),
    ).get('web')
  const late = { updatedReplicas: 1, availableReplicas: 1, replicas: 2 }
  expect(troubleOf(aDeployment(late))).toMatchObject({ kind: 'waits', reason: 'Unschedulable' })
  expect(troubleOf(aDeployment({ ...late, conditions }))).toMatchObject({
    kind: 'stuck',
    reason: 'Unschedulable',
  })
})

it('puts what needs a person first, then causes, then those who wait for them', () => {
  const consequence = waits('DependencyPending', 'b waits')
  const cause = waits('SecretStoreUnavailable', 'a is not there')
  const person = stuck('ImageNotFound', 'c')
  expect(worstOf([consequence, cause, person])).toBe(person)
  expect(worstOf([consequence, cause])).toBe(cause)
  expect(worstOf([consequence])).toBe(consequence)
  expect(worstOf([])).toBeUndefined()
})
