import fc from 'fast-check'
import { expect, it } from 'vitest'

import { REASONS } from '../../contract/crd/conditions.ts'
import { ANNOTATIONS } from '../../contract/crd/meta.ts'
import type { Phase, UserDeployment } from '../../contract/crd/user-deployment.ts'
import { standingOf, type Intent } from './standing.ts'

const settled: Intent = { generation: 3, pushedGeneration: 3, pushError: null, deletedAt: null }

interface Given {
  heard?: number
  generation?: number
  observed?: number
  phase?: Phase
  status?: object
}

function fact({
  heard = 3,
  generation = 5,
  observed = 5,
  phase = 'Ready',
  status = {},
}: Given = {}): UserDeployment {
  return {
    metadata: { generation, annotations: { [ANNOTATIONS.generation]: String(heard) } },
    status: { observedGeneration: observed, phase, conditions: [], services: [], urls: [], ...status },
  } as unknown as UserDeployment
}

it('is what the operator says once it has seen the last change', () => {
  expect(standingOf(settled, fact(), 'live')).toMatchObject({
    phase: 'Ready',
    reason: 'Available',
    isUpToDate: true,
  })
  const lastError = { reason: 'CrashLoop', message: 'web ends again and again.' }
  expect(standingOf(settled, fact({ phase: 'Error', status: { lastError } }), 'live')).toMatchObject({
    phase: 'Error',
    reason: 'CrashLoop',
    message: 'web ends again and again.',
  })
})

it.each(Object.keys(REASONS))('shows %s in the very words of the operator, whatever they are', (reason) => {
  const message = `What ${reason} means for web. Do this.`
  const conditions = [{ type: 'Ready', status: 'False', reason, message, lastTransitionTime: '' }]
  const known = fact({ phase: 'Provisioning', status: { conditions } })
  expect(standingOf(settled, known, 'live')).toMatchObject({ reason, message })
  const failed = fact({ phase: 'Error', status: { conditions: [], lastError: { reason, message } } })
  expect(standingOf(settled, failed, 'live')).toMatchObject({ phase: 'Error', reason, message })
})

it.each([
  ['not pushed yet', { ...settled, generation: 4 }, fact()],
  ['pushed, but not heard of', settled, fact({ heard: 2 })],
  ['heard of, but not looked at by the operator', settled, fact({ observed: 4 })],
])('is under way, never ready, while the last change is %s', (_, intent, known) => {
  expect(standingOf(intent, known, 'live')).toMatchObject({ phase: 'Provisioning', isUpToDate: false })
})

it('waits for the operator while the cluster has nothing of it', () => {
  expect(standingOf(settled, undefined, 'live')).toMatchObject({
    phase: 'Pending',
    reason: 'AwaitingOperator',
  })
})

it.each(['unreachable', 'absent'] as const)('waits for a cluster that is %s', (cluster) => {
  const wanted = { ...settled, generation: 1, pushedGeneration: 0 }
  expect(standingOf(wanted, undefined, cluster)).toMatchObject({
    phase: 'Pending',
    reason: 'ClusterUnavailable',
  })
  expect(standingOf(settled, fact(), cluster)).toMatchObject({
    phase: 'Ready',
    reason: 'ClusterUnavailable',
    isUpToDate: false,
  })
})

it('waits for a cluster whose API server is away although the watch has not noticed', () => {
  const wanted = { ...settled, generation: 1, pushedGeneration: 0, pushError: 'CLUSTER_UNAVAILABLE' }
  expect(standingOf(wanted, undefined, 'live')).toMatchObject({
    phase: 'Pending',
    reason: 'ClusterUnavailable',
  })
})

it('says that the cluster refuses it', () => {
  const wanted = { ...settled, generation: 4, pushError: 'CLUSTER_REFUSED' }
  expect(standingOf(wanted, fact(), 'live')).toMatchObject({ phase: 'Error', reason: 'InvalidSpec' })
})

it('is being deleted whatever the cluster says', () => {
  const deleted = { ...settled, deletedAt: new Date() }
  expect(standingOf(deleted, fact(), 'live')).toMatchObject({ phase: 'Deleting', reason: 'Deleting' })
  expect(standingOf(deleted, fact(), 'unreachable')).toMatchObject({
    phase: 'Deleting',
    reason: 'ClusterUnavailable',
  })
})

it('says what holds a deletion that takes too long', () => {
  const deleted = { ...settled, deletedAt: new Date() }
  const lastError = { reason: 'DeadlineExceeded', message: 'x/y holds it.' }
  const seen = fact()
  const held = { ...seen, status: { ...seen.status, phase: 'Error', lastError } } as UserDeployment
  // An error of before, which the operator has not looked at again.
  expect(standingOf(deleted, held, 'live')).toMatchObject({ reason: 'Deleting' })
  const going = { ...held, metadata: { ...held.metadata, deletionTimestamp: '2030-01-01T00:00:00Z' } }
  expect(standingOf(deleted, going as UserDeployment, 'live')).toMatchObject({
    phase: 'Deleting',
    ...lastError,
  })
})

it('never says that something is up to date which the operator has not seen', () => {
  const number = fc.integer({ min: 0, max: 4 })
  fc.assert(
    fc.property(
      fc.record({ generation: number, pushed: number, heard: number, seen: number, observed: number }),
      fc.constantFrom('live', 'unreachable', 'absent'),
      ({ generation, pushed, heard, seen, observed }, cluster) => {
        const intent = { ...settled, generation, pushedGeneration: Math.min(pushed, generation) }
        const standing = standingOf(intent, fact({ heard, generation: seen, observed }), cluster)
        const isTrue = pushed >= generation && heard >= generation && observed >= seen && cluster === 'live'
        expect(standing.isUpToDate).toBe(isTrue)
      },
    ),
  )
})
