import { expect, it } from 'vitest'

import type { UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { createStatusPace } from './status-pace.ts'

const ref = { namespace: 'sandbox', name: 'abcdefghij' }
const at = (milliseconds: number): Date => new Date(Date.UTC(2030, 0, 1) + milliseconds)

function aStatus(ready: number, given: Partial<UserDeploymentStatus> = {}): UserDeploymentStatus {
  const why = { reason: 'Provisioning', message: `${ready} of 3 pods are ready.` }
  const time = { lastTransitionTime: '2030-01-01T00:00:00Z', observedGeneration: 1 }
  return {
    observedGeneration: 1,
    phase: 'Provisioning',
    conditions: [{ type: 'Ready', status: 'False', ...why, ...time }],
    services: [{ name: 'web', desired: 3, updated: 3, ready, restarts: 0 } as never],
    urls: [],
    ...given,
  }
}
const [before, after] = [aStatus(0), aStatus(1)]

it('lets a step wait for two seconds, those that come meanwhile included', () => {
  const pace = createStatusPace()
  expect(pace.leftMs(ref, { before, after }, at(0))).toBe(2_000)
  expect(pace.leftMs(ref, { before, after: aStatus(2) }, at(1_500))).toBe(500)
  expect(pace.leftMs(ref, { before, after: aStatus(2) }, at(2_000))).toBe(0)
  // Written: the next one is another step.
  expect(pace.leftMs(ref, { before: aStatus(2), after: aStatus(3) }, at(2_100))).toBe(2_000)
})

it.each<[string, unknown, UserDeploymentStatus]>([
  ['another phase', before, { ...after, phase: 'Error' }],
  ['that all runs', before, { ...after, phase: 'Ready' }],
  ['another generation', before, { ...after, observedGeneration: 2 }],
  ['another reason', before, { ...after, conditions: aCondition({ reason: 'RollingOut' }) }],
  ['another state', before, { ...after, conditions: aCondition({ status: 'Unknown' }) }],
  ['one condition more', before, { ...after, conditions: [...aCondition({}), ...aCondition({ type: 'X' })] }],
  ['nothing new', before, before],
  ['the first word of all', undefined, after],
  ['sense after nonsense', 'nonsense', after],
])('writes %s at once', (_, was, is) => {
  const pace = createStatusPace()
  pace.leftMs(ref, { before, after }, at(0))
  expect(pace.leftMs(ref, { before: was, after: is }, at(100))).toBe(0)
  // What waited was written with it.
  expect(pace.leftMs(ref, { before, after }, at(200))).toBe(2_000)
})

function aCondition(given: Record<string, string>): UserDeploymentStatus['conditions'] {
  return after.conditions.map((condition) => ({ ...condition, ...given }))
}

it('waits no longer because the clock is set back, and knows each deployment by itself', () => {
  const pace = createStatusPace()
  pace.leftMs(ref, { before, after }, at(60_000))
  expect(pace.leftMs(ref, { before, after }, at(0))).toBe(2_000)
  expect(pace.leftMs({ ...ref, name: 'other' }, { before, after }, at(61_000))).toBe(2_000)
})

it('forgets what is asked of it no more', () => {
  const pace = createStatusPace()
  pace.leftMs(ref, { before, after }, at(0))
  pace.forget(ref)
  expect(pace.leftMs(ref, { before, after }, at(1_900))).toBe(2_000)
})
