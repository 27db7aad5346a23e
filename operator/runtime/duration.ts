/** `250ms`, `5s`, `10m`, `1h`: how long, as people write it. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}`

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

/** @throws {RangeError} text that is no duration, which only a cast can bring here */
export function milliseconds(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration)
  if (!match) throw new RangeError(`${JSON.stringify(duration)} is no duration such as 250ms, 5s, 10m or 1h.`)
  return Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS]
}
