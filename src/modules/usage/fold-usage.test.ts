import fc from 'fast-check'
import { expect, it } from 'vitest'

import { mapRates, NOTHING, withRates, type Consumption, type Rates } from '../../contract/crd/consumption.ts'
import { foldUsage, HOUR_MS, type Folded, type HourUsage, type Meter, type Reading } from './fold-usage.ts'

const START = Date.UTC(2030, 0, 1, 10, 20)
const UID = 'uid-1'
const one: Rates = { cpu: 100, memory: 200, storage: 300 }
const at = (seconds: number): number => START + seconds * 1000
const times = (rates: Rates, seconds: number): Rates => mapRates((key) => rates[key] * seconds)
const sumOf = (hours: readonly Rates[]): Rates =>
  hours.reduce((sum, hour) => mapRates((key) => sum[key] + hour[key]), NOTHING)
const reading = (consumption: Consumption | undefined, uid = UID): Reading => ({
  uid,
  createdMs: START,
  consumption,
})

it('enters each hour by itself, the first and the last in part', () => {
  const { hours, meter } = foldUsage(undefined, reading(withRates(undefined, one, at(600))), at(7200))
  expect(hours).toEqual([
    { hour: new Date(Date.UTC(2030, 0, 1, 10)), ...times(one, 1800) },
    { hour: new Date(Date.UTC(2030, 0, 1, 11)), ...times(one, 3600) },
    { hour: new Date(Date.UTC(2030, 0, 1, 12)), ...times(one, 1200) },
  ])
  expect(meter).toEqual({ resourceUid: UID, untilMs: at(7200), totals: times(one, 6600) })
})

it('enters nothing for what never ran, and moves on', () => {
  expect(foldUsage(undefined, reading(undefined), at(7200))).toEqual({
    meter: { resourceUid: UID, untilMs: at(7200), totals: NOTHING },
    hours: [],
  })
})

it('makes up for what was told too late in the hour after it', () => {
  const running = withRates(undefined, one, at(0))
  const first = foldUsage(undefined, reading(running), at(2400))
  // It had stopped ten seconds before the hour ended.
  const second = foldUsage(first.meter, reading(withRates(running, NOTHING, at(2390))), at(6000))
  expect(second.hours).toEqual([{ hour: new Date(Date.UTC(2030, 0, 1, 11)), ...times(one, -10) }])
})

it('counts no second for two resources, one of which took the place of the other', () => {
  const first = foldUsage(undefined, reading(withRates(undefined, one, at(0))), at(2400))
  const again = { ...reading(withRates(undefined, one, at(1000)), 'uid-2'), createdMs: at(1000) }
  const second = foldUsage(first.meter, again, at(6000))
  expect(sumOf([...first.hours, ...second.hours])).toEqual(times(one, 6000))
})

it('gives nothing back when the status was taken away and begun anew', () => {
  const first = foldUsage(undefined, reading(withRates(undefined, one, at(0))), at(2400))
  const none = foldUsage(first.meter, reading(undefined), at(6000))
  expect(none.hours).toEqual([])
  const anew = foldUsage(none.meter, reading(withRates(undefined, one, at(7000))), at(9600))
  expect(sumOf(anew.hours)).toEqual(times(one, 2600))
})

const rates = fc.record({ cpu: fc.nat(4000), memory: fc.nat(4000), storage: fc.nat(4000) })
const change = fc.record({
  seconds: fc.nat(5000),
  rates: fc.oneof(rates, fc.constant(NOTHING)),
  /** Somebody looks after it. */
  isRead: fc.boolean(),
})

it('equals any history to the second, in sum always and in each hour where the history reaches', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 80 }), (life) => {
      let consumption: Consumption | undefined
      let meter: Meter | undefined
      let [now, taken] = [0, NOTHING]
      const truth: HourUsage[] = []
      const ledger: HourUsage[] = []
      const enter = ({ meter: moved, hours }: Folded): void => {
        meter = moved
        ledger.push(...hours)
      }
      for (const { seconds, rates: next, isRead } of life) {
        truth.push(...slices(taken, now, now + seconds))
        now += seconds
        taken = next
        consumption = withRates(consumption, next, at(now))
        const ended = Math.floor(at(now) / HOUR_MS) * HOUR_MS
        if (isRead && ended > (meter?.untilMs ?? START)) enter(foldUsage(meter, reading(consumption), ended))
      }
      enter(foldUsage(meter, reading(consumption), at(now)))
      expect(new Set(ledger.map(({ hour }) => hour.getTime())).size).toBe(ledger.length)
      const told = life.length <= 32 ? byHour : sumOf
      expect(told(ledger)).toEqual(told(truth))
    }),
    { numRuns: 500 },
  )
})

/** What so many seconds of it are in each hour. */
function slices(taken: Rates, from: number, to: number): HourUsage[] {
  const all: HourUsage[] = []
  for (let ms = at(from); ms < at(to);) {
    const hourMs = Math.floor(ms / HOUR_MS) * HOUR_MS
    const end = Math.min(hourMs + HOUR_MS, at(to))
    all.push({ hour: new Date(hourMs), ...times(taken, (end - ms) / 1000) })
    ms = end
  }
  return all
}

const byHour = (hours: readonly HourUsage[]): Record<string, Rates> =>
  Object.fromEntries(
    [...Map.groupBy(hours, ({ hour }) => hour.toISOString())]
      .map(([hour, of]) => [hour, sumOf(of)] as const)
      .filter(([, { cpu, memory, storage }]) => cpu + memory + storage > 0),
  )
