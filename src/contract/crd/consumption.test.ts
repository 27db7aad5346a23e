import fc from 'fast-check'
import { expect, it } from 'vitest'

import {
  Consumption,
  historyBegins,
  mapRates,
  NOTHING,
  usedUntil,
  withRates,
  type Rates,
} from './consumption.ts'

const START = Date.UTC(2030, 0, 1)
const at = (seconds: number): number => START + seconds * 1000
const some: Rates = { cpu: 250, memory: 128, storage: 1024 }

it('begins with the first thing that is taken', () => {
  expect(withRates(undefined, NOTHING, at(0))).toBeUndefined()
  expect(withRates(undefined, some, at(0.9))).toEqual({
    used: NOTHING,
    steps: [{ at: '2030-01-01T00:00:00Z', ...some }],
  })
})

it('is the very same while the rates stay, so that nothing is written at rest', () => {
  const before = withRates(undefined, some, at(0))
  expect(withRates(before, { ...some }, at(5000))).toBe(before)
})

it('forgets what lasted for less than a second, and takes a clock that went back for one that stands', () => {
  const first = withRates(undefined, some, at(10))
  const flicker = withRates(withRates(first, NOTHING, at(20.1)), some, at(20.9))
  expect(flicker).toEqual(first)
  const back = withRates(withRates(first, NOTHING, at(20)), some, at(15))
  expect(back && usedUntil(back, at(30))).toEqual(mapRates((key) => some[key] * 20))
})

it('reads nonsense of a stranger as long ago, and fails at nothing', () => {
  const odd: Consumption = { used: NOTHING, steps: [{ at: '2030-99-99T00:00:00Z', ...some }] }
  expect(Consumption.safeParse(odd).success).toBe(true)
  expect(historyBegins(odd)).toBe(0)
  expect(withRates(odd, NOTHING, at(0))?.steps).toHaveLength(2)
})

const rates = fc.record({ cpu: fc.nat(9000), memory: fc.nat(9000), storage: fc.nat(9000) })
const life = fc.array(fc.record({ seconds: fc.nat(4000), rates: fc.oneof(rates, fc.constant(NOTHING)) }), {
  minLength: 1,
  maxLength: 120,
})

it('counts every second of any history, however long, and stays short', () => {
  fc.assert(
    fc.property(life, (changes) => {
      let consumption: Consumption | undefined
      let now = 0
      let used = NOTHING
      let taken = NOTHING
      for (const change of changes) {
        const [{ seconds }, before] = [change, taken]
        used = mapRates((key) => used[key] + before[key] * seconds)
        now += seconds
        taken = change.rates
        consumption = withRates(consumption, taken, at(now))
      }
      const read = consumption ?? { used: NOTHING, steps: [] }
      expect(read.steps.length).toBeLessThanOrEqual(32)
      expect(usedUntil(read, at(now))).toEqual(used)
      expect(usedUntil(read, at(now + 7))).toEqual(mapRates((key) => used[key] + taken[key] * 7))
    }),
    { numRuns: 300 },
  )
})
