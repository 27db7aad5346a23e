/** Notices when the past of a log has been read: it comes in one go, so at the first pause it is over. */

export interface Priming {
  readonly done: Promise<void>
  /** Something came. */
  heard(): void
  over(): void
}

const PAUSE_MS = 150
/** A log that never pauses has no past to wait for. */
const LONGEST_MS = 1_500

export function createPriming(): Priming {
  const { promise, resolve } = Promise.withResolvers<void>()
  const longest = setTimeout(resolve, LONGEST_MS)
  let pause: ReturnType<typeof setTimeout> | undefined
  return {
    done: promise,
    heard() {
      clearTimeout(pause)
      pause = setTimeout(resolve, PAUSE_MS)
    },
    over() {
      clearTimeout(pause)
      clearTimeout(longest)
      resolve()
    },
  }
}
