/** The terminals that are open on this server: how many somebody has, and how they end when it goes down. */
import type { UserId } from '../../contract/ids.ts'
import { AppError, fail } from '../../errors.ts'
import type { Settings } from '../../modules/deps.ts'

/** What is asked of one that is open. */
interface Open {
  notice(sentence: string): void
  end(error: AppError): void
}

export interface Terminals {
  readonly size: number
  /** @throws {AppError} TOO_MANY_TERMINALS, SHUTTING_DOWN */
  assertRoom(userId: UserId): void
  /** Counts it. @returns how to take it out again */
  add(userId: UserId, terminal: Open): () => void
  /** Lets no more in, warns those that are open, and ends them a while later. Resolves when none is left. */
  drain(): Promise<void>
}

/** How long one that is ended may take to say so. */
const LAST_WORDS_MS = 2_000

export function createTerminals({ perUser, warnMs }: Settings['terminals']): Terminals {
  const open = new Map<Open, UserId>()
  let isDraining = false
  let onEmpty = (): void => {}

  const emptyWithin = async (milliseconds: number): Promise<void> => {
    if (open.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      onEmpty = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    get size() {
      return open.size
    },
    assertRoom(userId) {
      if (isDraining) fail('SHUTTING_DOWN', {})
      const theirs = [...open.values()].filter((each) => each === userId).length
      if (theirs >= perUser) fail('TOO_MANY_TERMINALS', { limit: perUser })
    },
    add(userId, terminal) {
      open.set(terminal, userId)
      return () => {
        open.delete(terminal)
        if (open.size === 0) onEmpty()
      }
    },
    async drain() {
      isDraining = true
      const seconds = Math.round(warnMs / 1000)
      for (const terminal of open.keys())
        terminal.notice(
          `The server is being restarted: this terminal closes in ${seconds} s. Open it again then.`,
        )
      await emptyWithin(warnMs)
      for (const terminal of open.keys()) terminal.end(new AppError('SHUTTING_DOWN', {}))
      await emptyWithin(LAST_WORDS_MS)
    },
  }
}
