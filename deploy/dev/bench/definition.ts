/** What a benchmark is: a file `e2e/bench/<name>.bench.ts` that exports `benchmark`. */

export interface Metric {
  key: string
  value: number
  unit: string
  /** The bound that the value has to keep, for people: `≤ 60`. Nothing when it is only told. */
  goal: string | null
  ok: boolean
  note: string
}

export interface BenchContext {
  /** The full size, up to ten minutes by hand; otherwise a smoke size under a minute. */
  full: boolean
  /** Aborted when the person at the keyboard has had enough. */
  signal: AbortSignal
  /** Tells the person what is being done. */
  say: (line: string) => void
}

export interface Benchmark {
  /** The same as the file's name before `.bench.ts`. */
  name: string
  /** One line that says what is measured. */
  about: string
  run(context: BenchContext): Promise<Metric[]>
}

export interface Measured {
  key: string
  value: number
  unit: string
  /** Goals; with neither the metric is only told. */
  atMost?: number
  atLeast?: number
  note?: string
}

/** Holds a measured value against its goal. A value that is no number misses every goal. */
export function metric({ key, value, unit, atMost, atLeast, note = '' }: Measured): Metric {
  const bounds = [
    ...(atLeast === undefined ? [] : [{ text: `≥ ${atLeast}`, kept: value >= atLeast }]),
    ...(atMost === undefined ? [] : [{ text: `≤ ${atMost}`, kept: value <= atMost }]),
  ]
  return {
    key,
    value,
    unit,
    goal: bounds.length === 0 ? null : bounds.map((bound) => bound.text).join(', '),
    ok: bounds.every((bound) => bound.kept),
    note,
  }
}
