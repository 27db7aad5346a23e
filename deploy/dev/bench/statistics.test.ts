import fc from 'fast-check'
import { expect, it } from 'vitest'

import { spreadOf, summarise } from './statistics.ts'

it('takes the median between the middle two, with minimum and maximum', () => {
  expect(spreadOf([5])).toEqual({ median: 5, min: 5, max: 5 })
  expect(spreadOf([10, 1, 3])).toEqual({ median: 3, min: 1, max: 10 })
  expect(spreadOf([4, 1, 3, 10])).toEqual({ median: 3.5, min: 1, max: 10 })
  expect(() => spreadOf([])).toThrow('at least one value')
})

it('has as many values below the median as above it, whatever the order', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 })
  fc.assert(
    fc.property(values, (list) => {
      const { median, min, max } = spreadOf(list)
      const below = list.filter((value) => value < median).length
      const above = list.filter((value) => value > median).length
      return min <= median && median <= max && below <= list.length / 2 && above <= list.length / 2
    }),
  )
})

const sample = (wallMs: number, cpuMs = wallMs): { wallMs: number; cpuMs: number } => ({ wallMs, cpuMs })

it('compares within a round, so that a slow round changes no ratio', () => {
  const [floor, ours] = summarise([
    [sample(10, 4), sample(20, 6)],
    [sample(100, 40), sample(200, 60)],
    [sample(10, 4), sample(30, 5)],
  ])
  expect(floor?.wallRatio).toEqual({ median: 1, min: 1, max: 1 })
  expect(ours).toEqual({
    wallMs: { median: 30, min: 20, max: 200 },
    cpuMs: { median: 6, min: 5, max: 60 },
    wallRatio: { median: 2, min: 2, max: 3 },
    cpuRatio: { median: 1.5, min: 1.25, max: 1.5 },
  })
})

it('calls two immeasurably small costs equal', () => {
  expect(summarise([[sample(1, 0), sample(1, 0)]])[1]?.cpuRatio.median).toBe(1)
})

it('refuses rounds that lack a variant', () => {
  expect(() => summarise([[sample(1), sample(1)], [sample(1)]])).toThrow('a sample of every variant')
})
