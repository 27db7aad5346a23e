/**
 * Asks the ingress controller for an app, as its people will: the only proof that it leads there. Pods that are ready
 * and an Ingress that was taken up come earlier, by what the controller needs to put both into effect.
 */
import { setTimeout as delay } from 'node:timers/promises'

import { statusAsker } from '../runtime/ask-status.ts'
import type { RouteQuestion } from './checks/route.ts'

export interface RouteProbe {
  /** Whether an app answers there, as seen within half a second. Never throws but for the signal. */
  answers(question: RouteQuestion, signal: AbortSignal): Promise<boolean>
}

/** Of the ingress controller, as seen from here. */
export interface EntryPoints {
  /** `http://`. */
  readonly plain: URL
  /** `https://`; where it is missing all is asked at `plain`, which may answer before an app does that wants TLS. */
  readonly tls?: URL | undefined
}

/** What the controller says itself where it has no route, no pod, or no luck with it; apps say it too. */
const AMBIGUOUS = new Set([404, 502, 503, 504])
/** Asked so often for so long, an ambiguous answer is the app's own. */
const AMBIGUOUS_MS = 5_000
/** A question that nobody repeats for so long is over. */
const FORGOTTEN_MS = 60_000

const ATTEMPTS = 10
const PAUSE_MS = 50
const TIMEOUT_MS = 2_000

/**
 * @param monotonicMs for tests
 */
export function createRouteProbe(
  { plain, tls = plain }: EntryPoints,
  monotonicMs = () => performance.now(),
): RouteProbe {
  const askStatus = statusAsker({ timeoutMs: TIMEOUT_MS, connections: 4 })
  const unsure = new Map<string, { sinceMs: number; untilMs: number }>()

  /** Whether this ambiguous answer is believed by now. */
  const isBelieved = (key: string): boolean => {
    const now = monotonicMs()
    for (const [each, { untilMs }] of unsure) if (untilMs < now) unsure.delete(each)
    const sinceMs = unsure.get(key)?.sinceMs ?? now
    unsure.set(key, { sinceMs, untilMs: now + FORGOTTEN_MS })
    return now - sinceMs >= AMBIGUOUS_MS
  }

  const ask = async (
    { host, path, overTls, port }: RouteQuestion,
    signal: AbortSignal,
  ): Promise<number | undefined> => {
    try {
      const authority = port === undefined ? host : `${host}:${port}`
      const headers = { host: authority, 'user-agent': 'shipyard-operator' }
      const { origin } = overTls ? tls : plain
      return await askStatus({ origin, path, headers, signal })
    } catch {
      signal.throwIfAborted()
      return undefined
    }
  }

  return {
    async answers(question, signal) {
      const key = `${question.host} ${question.path} ${question.overTls}`
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const status = await ask(question, signal)
        const isClear = status !== undefined && !AMBIGUOUS.has(status)
        if (isClear || (status !== undefined && isBelieved(key))) {
          unsure.delete(key)
          return true
        }
        if (attempt < ATTEMPTS) await delay(PAUSE_MS, undefined, { signal })
      }
      return false
    },
  }
}
