/** What happened to pods of before is not held against what was wished since. */
import { expect, it } from 'vitest'

import { smallService } from '../../../src/contract/testing/specs.ts'
import { aDeployment, anObserved, aPod, aReplicaSet, aService, ofRevision } from '../../testing/observed.ts'
import { aResource, testSettings } from '../../testing/resources.ts'
import { findTroubles } from '../checks.ts'
import { considerBeside } from '../considered.ts'
import type { LiveDeployment, LivePod, ServiceObserved } from '../observed.ts'
import type { Finding } from './finding.ts'

const resource = aResource({
  services: [smallService({ health: { http: { path: '/readyz', port: 8080 } } })],
})

const troubleOf = (changes: Partial<ServiceObserved>): Finding | undefined =>
  findTroubles(
    considerBeside(anObserved(resource, { services: new Map([['web', aService(changes)]]) }), testSettings()),
    new Map(),
  ).get('web')

const ended = (reason: string): LivePod =>
  aPod({
    restartCount: 5,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { reason, exitCode: 137 } },
  })
const unready = aPod({ state: { running: {} } })
const starting = aPod({ state: { waiting: { reason: 'ContainerCreating' } } })
const overdue = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }
const both = [aReplicaSet(2), aReplicaSet(3)]

/** None of its pods is ready. */
const unwell = (status: LiveDeployment['status'] = {}): LiveDeployment =>
  aDeployment({ readyReplicas: 0, availableReplicas: 0, ...status })

const BAD: [string, LivePod][] = [
  ['OutOfMemory', ended('OOMKilled')],
  ['CrashLoop', ended('Error')],
  ['ProbeFailing', unready],
]

it.each(BAD)('holds %s of old pods against nothing, and that of new ones against these', (reason, pod) => {
  const old = ofRevision(2, pod)
  expect(troubleOf({ deployment: unwell(), replicaSets: both, pods: [old, starting] })).toMatchObject({
    kind: 'waits',
    reason: 'Provisioning',
  })
  expect(troubleOf({ deployment: unwell(), replicaSets: both, pods: [old, pod] })).toMatchObject({ reason })
})

it.each(BAD)('holds %s against nothing that the cluster has not taken up', (_, pod) => {
  const deployment = unwell({ observedGeneration: 2, conditions: [overdue] })
  const pods = [ofRevision(2, pod)]
  expect(troubleOf({ deployment, replicaSets: [aReplicaSet(2)], pods })).toMatchObject({
    kind: 'waits',
    reason: 'Provisioning',
  })
})

it('judges no pods while it does not know which are the newest', () => {
  const pods = [ofRevision(2, ended('OOMKilled'))]
  const found = troubleOf({ deployment: unwell(), replicaSets: [aReplicaSet(2)], pods })
  expect(found).toMatchObject({ kind: 'waits', reason: 'Provisioning' })
})

it('waits for the old pods to go where they go first, whatever they did and however late they were', () => {
  const leaving = {
    deployment: unwell({ updatedReplicas: 0, conditions: [overdue] }),
    pods: [ended('OOMKilled')],
  }
  for (const replicaSets of [[aReplicaSet(3, 0)], []])
    expect(troubleOf({ ...leaving, replicaSets })).toMatchObject({ kind: 'waits', reason: 'Provisioning' })
})

it('says that a node is lost on which an old pod holds up the new one', () => {
  const pods = [ofRevision(2, aPod({}, { reason: 'NodeLost' }))]
  const deployment = unwell({ updatedReplicas: 0 })
  expect(troubleOf({ deployment, replicaSets: [], pods })).toMatchObject({ reason: 'NodeLost' })
})

it('says that new pods are refused, and that they are late, while old ones fail', () => {
  const message = 'pods "x" is forbidden: exceeded quota: shipyard, requested: pods=1, used: pods=8'
  const full = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }
  const bad = { replicaSets: both, pods: [ofRevision(2, ended('OOMKilled'))] }
  expect(troubleOf({ ...bad, deployment: unwell({ updatedReplicas: 0, conditions: [full] }) })).toMatchObject(
    { kind: 'waits', reason: 'QuotaExceeded' },
  )
  expect(
    troubleOf({ ...bad, deployment: unwell({ updatedReplicas: 0, conditions: [full, overdue] }) }),
  ).toMatchObject({ kind: 'stuck', reason: 'QuotaExceeded' })
  expect(
    troubleOf({ ...bad, deployment: unwell({ updatedReplicas: 0, conditions: [overdue] }) }),
  ).toMatchObject({ kind: 'stuck', reason: 'DeadlineExceeded' })
})

it('looks past a pod that was evicted, and sees the one in its place', () => {
  const evicted = aPod(
    { restartCount: 5, state: { terminated: { reason: 'Error', exitCode: 137 } } },
    { phase: 'Failed', reason: 'Evicted' },
  )
  expect(troubleOf({ deployment: unwell(), pods: [evicted, starting] })).toMatchObject({
    reason: 'Provisioning',
  })
  expect(troubleOf({ deployment: unwell(), pods: [evicted, ended('OOMKilled')] })).toMatchObject({
    reason: 'OutOfMemory',
  })
})

it('finds nothing wrong with a service that stands still, whatever its last pods did', () => {
  const none = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 }
  const deployment = { ...aDeployment(none), spec: { ...aDeployment().spec, replicas: 0 } }
  const pods = [ended('OOMKilled')]
  expect(troubleOf({ deployment, replicaSets: [aReplicaSet(3, 0)], pods })).toBeUndefined()
})
