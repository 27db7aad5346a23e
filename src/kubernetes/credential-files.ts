import { readFile, stat } from 'node:fs/promises'
import type { Clock } from './clock.ts'

interface Seen {
  /** Changes when the file is replaced or written. */
  stamp: string
  content: Buffer
}

/**
 * A few files that belong together (certificate and key), re-read when one of them changed. They are looked at
 * again at most every ten seconds, asynchronously, and only when somebody asks.
 */
export class WatchedFiles {
  readonly #paths: readonly string[]
  readonly #clock: Clock
  readonly #checkEveryMs: number
  #seen: Seen[] | undefined
  #checkedAt = Number.NEGATIVE_INFINITY
  #checking: Promise<void> | undefined

  constructor(paths: readonly string[], clock: Clock, checkEveryMs = 10_000) {
    this.#paths = paths
    this.#clock = clock
    this.#checkEveryMs = checkEveryMs
  }

  /**
   * The files' contents, in the order of their paths; the same array as long as none changed.
   *
   * @param now look at the files although they were looked at a moment ago
   * @throws when they cannot be read the first time; later the last good contents stay (a file is briefly absent
   *   while it is replaced)
   */
  async read(now = false): Promise<readonly Buffer[]> {
    if (now || this.#clock.monotonicMs() - this.#checkedAt >= this.#checkEveryMs) {
      this.#checking ??= this.#check().finally(() => (this.#checking = undefined))
      await this.#checking
    }
    return this.#contents
  }

  #contents: readonly Buffer[] = []

  async #check(): Promise<void> {
    try {
      const stamps = await Promise.all(this.#paths.map(stampOf))
      if (this.#seen && stamps.every((stamp, index) => stamp === this.#seen?.[index]?.stamp)) return
      const contents = await Promise.all(this.#paths.map(async (path) => readFile(path)))
      this.#seen = contents.map((content, index) => ({ content, stamp: stamps[index] ?? '' }))
      this.#contents = contents
    } catch (error) {
      if (!this.#seen) throw error
    } finally {
      this.#checkedAt = this.#clock.monotonicMs()
    }
  }
}

async function stampOf(path: string): Promise<string> {
  // The size and the inode too: a clock's tick is coarser than two quick writes.
  const { mtimeMs, size, ino } = await stat(path)
  return `${mtimeMs}-${size}-${ino}`
}
