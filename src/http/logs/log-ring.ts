/**
 * The last lines of one container, so that a new viewer needs no connection of its own. Every line has a number, from
 * 0, by which a reader knows where it is and how much it missed.
 */
import type { LogEntry } from '../../modules/logs/schema.ts'

export interface LogRing {
  add(lines: readonly LogEntry[]): void
  /** Number of the first line that is held. */
  readonly start: number
  /** Number that the next line gets. */
  readonly end: number
  /** Lines from a number on, at most so many. */
  read(from: number, count: number): LogEntry[]
  /** Number of the first held line of this instant or later. Instants have nine digits and so sort as text. */
  since(timestamp: string): number
}

export interface RingBounds {
  readonly lines: number
  readonly characters: number
}

export function createLogRing(bounds: RingBounds): LogRing {
  let held: LogEntry[] = []
  let start = 0
  let characters = 0

  /** In one go once it is a quarter too long: taking lines off one by one would move all the others each time. */
  const trim = (): void => {
    if (held.length <= bounds.lines * 1.25 && characters <= bounds.characters * 1.25) return
    let drop = 0
    while (drop < held.length && (held.length - drop > bounds.lines || characters > bounds.characters)) {
      characters -= held[drop]?.[2].length ?? 0
      drop += 1
    }
    held = held.slice(drop)
    start += drop
  }

  return {
    add(lines) {
      for (const line of lines) {
        held.push(line)
        characters += line[2].length
      }
      trim()
    },
    get start() {
      return start
    },
    get end() {
      return start + held.length
    },
    read(from, count) {
      const first = Math.max(0, from - start)
      return held.slice(first, first + count)
    },
    since(timestamp) {
      const index = held.findIndex(([at]) => at >= timestamp)
      return start + (index < 0 ? held.length : index)
    },
  }
}
