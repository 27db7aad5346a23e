import fc from 'fast-check'
import { expect, it } from 'vitest'
import { conditionsOf, mergeConditions, type Condition, type Decided } from './conditions.ts'
import { milliseconds, type Duration } from './duration.ts'
import { done, stalled, wait, type Result } from './result.ts'

const THEN = '2026-01-01T00:00:00Z'
const NOW = '2026-01-02T00:00:00Z'

function condition(type: string, status: Condition['status'], fields: Partial<Condition> = {}): Condition {
  return { type, status, reason: 'R', message: 'm', lastTransitionTime: THEN, ...fields }
}

it('keeps the time of a condition whose status stays, and notes the time of one that turns', () => {
  const merged = mergeConditions({
    current: [condition('Ready', 'False'), condition('SecretsSynced', 'True'), condition('Foreign', 'True')],
    decided: [
      { type: 'Ready', status: 'False', reason: 'Other', message: 'n', observedGeneration: 2 },
      { type: 'SecretsSynced', status: 'False', reason: 'Gone', message: 'g' },
      { type: 'New', status: 'True', reason: 'N', message: 'x' },
    ],
    now: NOW,
  })
  expect(merged).toEqual([
    condition('Ready', 'False', { reason: 'Other', message: 'n', observedGeneration: 2 }),
    condition('SecretsSynced', 'False', { reason: 'Gone', message: 'g', lastTransitionTime: NOW }),
    condition('Foreign', 'True'),
    condition('New', 'True', { reason: 'N', message: 'x', lastTransitionTime: NOW }),
  ])
})

const type = fc.constantFrom('Ready', 'Reconciling', 'Stalled', 'A', 'B')
const decided: fc.Arbitrary<Decided> = fc.record({
  type,
  status: fc.constantFrom('True', 'False', 'Unknown'),
  reason: fc.constantFrom('R', 'S'),
  message: fc.constantFrom('m', 'n'),
})

it('changes nothing when it is merged a second time, later', () => {
  const merge = fc.record({ current: fc.array(decided), decided: fc.array(decided), remove: fc.array(type) })
  fc.assert(
    fc.property(merge, ({ current, decided: all, remove }) => {
      const before = mergeConditions({ current: [], decided: current, now: THEN })
      const once = mergeConditions({ current: before, decided: all, remove, now: NOW })
      expect(mergeConditions({ current: once, decided: all, remove, now: '2027-01-01T00:00:00Z' })).toEqual(
        once,
      )
      expect(new Set(once.map((each) => each.type)).size).toBe(once.length)
    }),
  )
})

const after = (result: Result, current: Condition[] = []): string[] => {
  const { decided: all, remove } = conditionsOf({ result, observedGeneration: 3 })
  return mergeConditions({ current, decided: all, remove, now: NOW }).map(
    (each) => `${each.type}=${each.status} ${each.reason}`,
  )
}

it('says by three conditions how it stands; two of them are there only while they are true', () => {
  const waiting = wait({ after: '5s', reason: 'PodsStarting', message: 'Pods start.' })
  const stuck = stalled({ reason: 'ImageNotFound', message: 'Give another image.' })
  expect(after(waiting)).toEqual(['Ready=False PodsStarting', 'Reconciling=True PodsStarting'])
  const reconciling = [condition('Ready', 'False'), condition('Reconciling', 'True')]
  expect(after(stuck, reconciling)).toEqual(['Ready=False ImageNotFound', 'Stalled=True ImageNotFound'])
  const stalledNow = [condition('Ready', 'False'), condition('Stalled', 'True')]
  expect(after(waiting, stalledNow)).toEqual(['Ready=False PodsStarting', 'Reconciling=True PodsStarting'])
  expect(after(done(), stalledNow)).toEqual(['Ready=True Ready'])
  const words = { reason: 'Suspended', message: 'It is suspended.' }
  expect(conditionsOf({ result: done(), observedGeneration: 3, ready: words }).decided).toEqual([
    { type: 'Ready', status: 'True', ...words, observedGeneration: 3 },
  ])
})

it('reads durations as people write them', () => {
  const all: Duration[] = ['250ms', '5s', '10m', '1h', '0.5s']
  expect(all.map(milliseconds)).toEqual([250, 5_000, 600_000, 3_600_000, 500])
  for (const wrong of ['', '5', '5d', '-1s', ' 5s', '1h30m']) {
    expect(() => milliseconds(wrong as Duration)).toThrow('is no duration such as 250ms, 5s, 10m or 1h.')
  }
})
