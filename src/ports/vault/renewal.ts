/** How long a token lives from now, in seconds; 0 is for ever. */
export interface TokenLife {
  readonly ttlSeconds: number
  readonly isRenewable: boolean
}

interface RenewalOptions {
  readonly lookUp: () => Promise<TokenLife>
  readonly renew: () => Promise<TokenLife>
  /** A failed attempt; the next one comes by itself. */
  readonly onFailure: (error: unknown) => void
}

export interface Renewal {
  /** Forgets what is known of the token's life and looks it up again: the token is another one. */
  restart(): void
  stop(): void
}

/** The longest that a timer can wait is 24.8 days. */
const longestWaitMs = 24 * 24 * 3_600_000
const retryMs = { first: 1_000, longest: 30_000 }

/**
 * Keeps a token alive by renewing it at two thirds of its life. A failure is tried again after 1 s, 2 s, 4 s …
 * 30 s for ever: the token may be replaced, or Vault come back, at any time.
 */
export function keepRenewed({ lookUp, renew, onFailure }: RenewalOptions): Renewal {
  let timer: NodeJS.Timeout | undefined
  let round = 0

  const later = (delayMs: number, step: () => Promise<TokenLife>, failures: number): void => {
    const mine = round
    timer = setTimeout(() => void attempt(mine, step, failures), Math.min(delayMs, longestWaitMs))
    timer.unref()
  }
  const attempt = async (mine: number, step: () => Promise<TokenLife>, failures: number): Promise<void> => {
    try {
      const { ttlSeconds, isRenewable } = await step()
      if (mine === round && isRenewable && ttlSeconds > 0) later((ttlSeconds * 2_000) / 3, renew, 0)
    } catch (error) {
      if (mine !== round) return
      onFailure(error)
      later(Math.min(retryMs.first * 2 ** failures, retryMs.longest), lookUp, failures + 1)
    }
  }
  const begin = (): void => {
    clearTimeout(timer)
    round++
    void attempt(round, lookUp, 0)
  }
  begin()
  return {
    restart: begin,
    stop() {
      clearTimeout(timer)
      round++
    },
  }
}
