/**
 * From the counters of a custom resource to hours of the ledger. Pure. The sums are differences of counters, so they
 * are right to the second however long nobody looked; only how a time that the resource's short history does not reach
 * back to is spread over its hours is a guess, an even one.
 */
import {
  historyBegins,
  mapRates,
  NOTHING,
  usedUntil,
  type Consumption,
  type Rates,
} from '../../contract/crd/consumption.ts'

export const HOUR_MS = 3_600_000

/** How far the ledger is, and what the counters of that resource said there. */
export interface Meter {
  readonly resourceUid: string
  readonly untilMs: number
  readonly totals: Rates
}

/** What a custom resource says. */
export interface Reading {
  readonly uid: string
  readonly createdMs: number
  readonly consumption: Consumption | undefined
}

/** Each times seconds; negative where an hour before had too much. */
export interface HourUsage extends Rates {
  readonly hour: Date
}

export interface Folded {
  readonly meter: Meter
  /** Those in which there is something. */
  readonly hours: readonly HourUsage[]
}

/** All between where the meter stands (or where there is none, the resource's beginning) and a time. */
export function foldUsage(before: Meter | undefined, reading: Reading, untilMs: number): Folded {
  const { anchor, fromMs, entered } = beginning(before, reading)
  const totalAt = (atMs: number): Rates => totalOf(reading.consumption, anchor, atMs)
  const endMs = Math.max(fromMs, untilMs)
  const hours: HourUsage[] = []
  // What was entered stays so: that it was too much, or too little, shows in the next hour.
  let base = entered ?? totalAt(fromMs)
  for (let atMs = fromMs; atMs < endMs;) {
    const hourMs = Math.floor(atMs / HOUR_MS) * HOUR_MS
    const nextMs = Math.min(hourMs + HOUR_MS, endMs)
    const [was, total] = [base, totalAt(nextMs)]
    const used = mapRates((key) => total[key] - was[key])
    if (used.cpu !== 0 || used.memory !== 0 || used.storage !== 0)
      hours.push({ hour: new Date(hourMs), ...used })
    base = total
    atMs = nextMs
  }
  return { meter: { resourceUid: reading.uid, untilMs: endMs, totals: base }, hours }
}

/** A time at which the counters are known. */
interface Anchor {
  readonly atMs: number
  readonly totals: Rates
}

function beginning(
  before: Meter | undefined,
  { uid, createdMs, consumption }: Reading,
): { anchor: Anchor; fromMs: number; entered?: Rates } {
  if (!before) return { anchor: { atMs: createdMs, totals: NOTHING }, fromMs: createdMs }
  const { untilMs, totals } = before
  if (before.resourceUid !== uid) {
    // What the resource before it used since is not known any more; no second is counted for both.
    return { anchor: { atMs: createdMs, totals: NOTHING }, fromMs: Math.max(createdMs, untilMs) }
  }
  if (consumption && beganAnew(before, consumption)) {
    const atMs = historyBegins(consumption)
    return { anchor: { atMs, totals: consumption.used }, fromMs: atMs }
  }
  return { anchor: { atMs: untilMs, totals }, fromMs: untilMs, entered: totals }
}

/** Somebody took the status away, and the operator began another one. */
const beganAnew = ({ untilMs, totals }: Meter, consumption: Consumption): boolean =>
  historyBegins(consumption) > untilMs &&
  (['cpu', 'memory', 'storage'] as const).some((key) => consumption.used[key] < totals[key])

function totalOf(
  consumption: Consumption | undefined,
  { atMs: knownMs, totals }: Anchor,
  atMs: number,
): Rates {
  if (!consumption) return totals
  const beginMs = historyBegins(consumption)
  if (atMs >= beginMs) return usedUntil(consumption, atMs)
  if (atMs <= knownMs) return totals
  const part = (atMs - knownMs) / (beginMs - knownMs)
  return mapRates((key) => totals[key] + Math.round((consumption.used[key] - totals[key]) * part))
}
