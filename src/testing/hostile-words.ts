import { HOSTILE } from '../contract/testing/hostile.ts'

/** A source of chance that a seed repeats (mulberry32). */
export function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Chooses one of several. */
export type Pick = <T>(from: readonly T[]) => T

export const picker =
  (below: (n: number) => number): Pick =>
  (from) =>
    from[below(from.length)] as (typeof from)[number]

const harmless = ['web', 'api', 'a-b', 'abcdefghij', 'x2']

/** A word that somebody gives as a name: hostile, half hostile, or harmless. */
export function word(pick: Pick): string {
  const [first, second, good] = [pick(HOSTILE), pick(HOSTILE), pick(harmless)]
  return pick([
    first,
    `${good}${first}`,
    `${first}${good}`,
    `${first}/${second}`,
    encodeURIComponent(first.toWellFormed()),
    good,
  ])
}
