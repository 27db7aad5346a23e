import { expect, it } from 'vitest'
import { LABELS } from '../../contract/crd/meta.ts'
import { summaryOf, type RawPod } from './pods.ts'

function pod(status: RawPod['status'], metadata: Partial<RawPod['metadata']> = {}): RawPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-1',
      uid: 'uid-1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { [LABELS.service]: 'web' },
      ...metadata,
    },
    ...(status ? { status } : {}),
  }
}

const container = { name: 'web', ready: false, restartCount: 0 }

it('sums up a pod that runs', () => {
  const status = {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ ...container, ready: true, restartCount: 2, state: { running: {} } }],
  }
  expect(summaryOf(pod(status))).toEqual({
    name: 'web-1',
    uid: 'uid-1',
    service: 'web',
    phase: 'Running',
    isReady: true,
    isTerminating: false,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    containers: [{ name: 'web', isReady: true, restarts: 2, state: 'running' }],
  })
})

it('says why no node takes it', () => {
  const placing = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }
  expect(summaryOf(pod({ phase: 'Pending', conditions: [placing] }))).toMatchObject({
    phase: 'Pending',
    reason: 'Unschedulable',
    message: '0/1 nodes',
  })
})

it('says why a node put it out', () => {
  const status = { phase: 'Failed', reason: 'Evicted', message: 'low on memory' }
  expect(summaryOf(pod(status))).toMatchObject({
    phase: 'Failed',
    reason: 'Evicted',
    message: 'low on memory',
  })
})

it.each([
  [
    { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
    { state: 'waiting', reason: 'ImagePullBackOff', message: 'no such image' },
  ],
  [
    { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    { state: 'terminated', reason: 'OOMKilled', exitCode: 137 },
  ],
  [{}, { state: 'unknown' }],
])('says of a container %j', (state, expected) => {
  const { containers } = summaryOf(pod({ phase: 'Running', containerStatuses: [{ ...container, state }] }))
  expect(containers).toEqual([{ name: 'web', isReady: false, restarts: 0, ...expected }])
})

it('names containers that prepare before those that serve', () => {
  const status = {
    initContainerStatuses: [{ ...container, name: 'prepare' }],
    containerStatuses: [container],
  }
  expect(summaryOf(pod(status)).containers.map(({ name }) => name)).toEqual(['prepare', 'web'])
})

it('knows a pod of which nothing is known yet, and one that is on its way out', () => {
  expect(summaryOf(pod(undefined, { deletionTimestamp: '2026-01-01T00:00:01Z' }))).toMatchObject({
    phase: 'Unknown',
    isReady: false,
    isTerminating: true,
    containers: [],
  })
})
