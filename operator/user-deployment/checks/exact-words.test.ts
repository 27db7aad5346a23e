/** A sentence names the very thing: which resource, which check and what it was answered, which volume, which limit. */
import { expect, it } from 'vitest'

import type { ServiceInput } from '../../../src/contract/testing/arbitrary-service.ts'
import { smallService } from '../../../src/contract/testing/specs.ts'
import { aPod, aService } from '../../testing/observed.ts'
import { aResource } from '../../testing/resources.ts'
import type { KubeCondition, LivePod, ServiceObserved } from '../observed.ts'
import { firstFinding, type Finding } from './finding.ts'
import { POD_CHECKS } from './pods.ts'

const asked = { http: { path: '/readyz', port: 8080 }, startupSeconds: 30 }

function found(changes: Partial<ServiceObserved>, input: Partial<ServiceInput> = {}): Finding | undefined {
  const [service] = aResource({ services: [smallService({ health: asked, ...input })] }).spec.services
  if (!service) throw new Error('the resource has a service')
  return firstFinding(POD_CHECKS, { service, seen: aService(changes) })
}

const unscheduled = (message: string): LivePod[] => [
  aPod({}, { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] }),
]

it.each([
  ['Insufficient cpu', 'No node has enough CPU for a pod of service web, which asks for 100m: '],
  ['Insufficient memory', 'No node has enough memory for a pod of service web, which asks for 128Mi: '],
  ['Insufficient ephemeral-storage', 'No node has enough disk for a pod of service web: '],
  ["didn't match Pod's node affinity", 'No node takes a pod of service web: '],
])('names the resource of which no node has enough: %s', (lack, says) => {
  const more =
    'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful.'
  const message = `0/1 nodes are available: 1 ${lack}. ${more}`
  expect(found({ pods: unscheduled(message) })).toMatchObject({
    reason: 'Unschedulable',
    message: `${says}0/1 nodes are available: 1 ${lack}. Lower what it requests, or wait for room.`,
  })
})

it.each([
  ['fast', 'The volume data of service web (storage class fast) is not there yet: '],
  [undefined, 'The volume data of service web is not there yet: '],
])('names the volume that is not there, and its class %s', (storageClass, says) => {
  const claim = (name: string, phase: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `abcdefghij-web--${name}` },
    spec: {},
    status: { phase },
  })
  const volumes = [
    { name: 'logs', path: '/logs', size: '1Gi' },
    { name: 'data', path: '/data', size: '1Gi', ...(storageClass ? { storageClass } : {}) },
  ]
  const finding = found(
    {
      pods: unscheduled('pod has unbound immediate PersistentVolumeClaims.'),
      claims: [claim('logs', 'Bound'), claim('data', 'Pending')],
    },
    { volumes },
  )
  expect(finding?.reason).toBe('VolumePending')
  expect(finding?.message.startsWith(says)).toBe(true)
})

it('says what a health check was answered', () => {
  const answer = 'Readiness probe failed: HTTP probe failed with statuscode: 503'
  const unhealthy = new Map([['abcdefghij-web-1', answer]])
  expect(found({ pods: [aPod({ state: { running: {} } })], unhealthy })).toMatchObject({
    kind: 'waits',
    reason: 'ProbeFailing',
    message: `Service web runs, but its health check (GET /readyz on port 8080) does not succeed yet: ${answer}. Look at its log.`,
  })
})

it('names the limit that is too small', () => {
  const terminated = { reason: 'OOMKilled', exitCode: 137 }
  expect(found({ pods: [aPod({ lastState: { terminated } })] })?.message).toBe(
    'Service web used more memory than its limit of 512Mi and was ended. Raise its memory limit.',
  )
})

interface End {
  exitCode: number
  seconds: number
  said: string
  reason: string
}
const startup = 'Startup probe failed: Get "http://10.0.0.2:8080/readyz": connection refused'
const liveness = 'Liveness probe failed: HTTP probe failed with statuscode: 500'
const END = Date.parse('2030-01-01T00:10:00Z')

it.each<End>([
  // Ended by the kubelet after all the time that it may take, whatever it does of SIGTERM.
  { exitCode: 0, seconds: 30, said: startup, reason: 'ProbeFailing' },
  { exitCode: 137, seconds: 61, said: startup, reason: 'ProbeFailing' },
  { exitCode: 143, seconds: 400, said: liveness, reason: 'ProbeFailing' },
  // Ended by itself: its check failed too, since nobody listened yet.
  { exitCode: 1, seconds: 40, said: startup, reason: 'CrashLoop' },
  { exitCode: 0, seconds: 2, said: startup, reason: 'CrashLoop' },
  { exitCode: 0, seconds: 400, said: 'Readiness probe failed: refused', reason: 'CrashLoop' },
])('tells who was ended by its health check from who ended: %o', ({ exitCode, seconds, said, reason }) => {
  const terminated = {
    reason: exitCode === 0 ? 'Completed' : 'Error',
    exitCode,
    startedAt: new Date(END - seconds * 1000).toISOString(),
    finishedAt: new Date(END).toISOString(),
  }
  const pod = aPod({
    restartCount: 3,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated },
  })
  const finding = found({ pods: [pod], unhealthy: new Map([[pod.metadata.name, said]]) })
  expect(finding).toMatchObject({ kind: 'stuck', reason })
  expect(finding?.message.includes(said)).toBe(reason === 'ProbeFailing')
})

const conditions = (ready: string, containersReady: string): KubeCondition[] => [
  { type: 'Ready', status: ready },
  { type: 'ContainersReady', status: containersReady },
]
const running = { ready: true, state: { running: {} } }

it.each([
  ['a node that was marked as silent', [aPod(running, { conditions: conditions('False', 'True') })]],
  [
    'a silent node, when no other may take the pod',
    unscheduled(
      '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.',
    ),
  ],
])('knows %s', (_, pods) => {
  expect(found({ pods })).toMatchObject({ kind: 'waits', reason: 'NodeLost' })
})

it.each([
  ['a pod whose containers are not ready', [aPod({}, { conditions: conditions('False', 'False') })]],
  [
    'nodes of which one is silent and the other full',
    unscheduled(
      '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.',
    ),
  ],
])('does not take %s for a node that is lost', (_, pods) => {
  expect(found({ pods })?.reason).not.toBe('NodeLost')
})
