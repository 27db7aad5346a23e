/** Gathers lines for a moment, so that one event carries many of them. */
import type { LogEntry } from '../../modules/logs/schema.ts'

export interface LogGatherer {
  add(line: LogEntry): void
  /** Gives what has been gathered, now. */
  flush(): void
  /** Forgets it. */
  stop(): void
}

const GATHER_MS = 50
const GATHER_CHARACTERS = 64 * 1024

/** @param give gets each batch, oldest line first */
export function gatherLines(give: (lines: LogEntry[]) => void): LogGatherer {
  let gathered: LogEntry[] = []
  let characters = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const lines = gathered
    gathered = []
    characters = 0
    if (lines.length > 0) give(lines)
  }

  return {
    add(line) {
      gathered.push(line)
      characters += line[2].length
      if (characters >= GATHER_CHARACTERS) flush()
      else timer ??= setTimeout(flush, GATHER_MS)
    },
    flush,
    stop: () => clearTimeout(timer),
  }
}
