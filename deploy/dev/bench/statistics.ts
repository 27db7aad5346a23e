/** Figures that survive two cores and a noisy neighbour: medians, with the worst and the best beside them. */

export interface Spread {
  median: number
  min: number
  max: number
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('A spread needs at least one value.')
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  }
}

/** What one execution of a variant cost. */
export interface Sample {
  wallMs: number
  /** User and system time of this process and all below it. */
  cpuMs: number
}

export interface Compared {
  wallMs: Spread
  cpuMs: Spread
  /** Against the first variant of the same round, so that what slows a whole round down cancels out. */
  wallRatio: Spread
  cpuRatio: Spread
}

/**
 * Adds up the rounds of an interleaved comparison.
 *
 * @param rounds for each round a sample of each variant, in the same order; the first variant is the yardstick
 * @returns for each variant, in that order
 */
export function summarise(rounds: readonly (readonly Sample[])[]): Compared[] {
  const variants = rounds[0]?.length ?? 0
  return Array.from({ length: variants }, (_, variant) => {
    const pairs = rounds.map((round) => pairOf(round, variant))
    return {
      wallMs: spreadOf(pairs.map((pair) => pair.sample.wallMs)),
      cpuMs: spreadOf(pairs.map((pair) => pair.sample.cpuMs)),
      wallRatio: spreadOf(pairs.map((pair) => ratio(pair.sample.wallMs, pair.yardstick.wallMs))),
      cpuRatio: spreadOf(pairs.map((pair) => ratio(pair.sample.cpuMs, pair.yardstick.cpuMs))),
    }
  })
}

function pairOf(round: readonly Sample[], variant: number): { sample: Sample; yardstick: Sample } {
  const sample = round[variant]
  const yardstick = round[0]
  if (!sample || !yardstick) throw new Error('Every round needs a sample of every variant.')
  return { sample, yardstick }
}

/** CPU time comes in ticks, so both sides of a tiny one can be nothing: equal, as far as can be told. */
function ratio(value: number, yardstick: number): number {
  return value === yardstick ? 1 : value / yardstick
}
