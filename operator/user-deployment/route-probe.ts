/**
 * Asks the ingress controller for an app, as its people will: the only proof that it leads there. Pods that are ready
 * and an Ingress that was taken up come earlier, by what the controller needs to put both into effect.
 */
import { setTimeout as delay } from 'node:timers/promises'

import { statusAsker, type StatusAnswer } from '../runtime/ask-status.ts'
import type { RouteQuestion } from './checks/route.ts'

export interface RouteProbe {
  /**
   * The first question that no app answers yet. A look takes no longer than two seconds, and half a second where answers
   * come at once. Never throws but for the signal.
   *
   * @param questions about one app, to which one Ingress leads by all its names
   */
  firstUnanswered(
    questions: readonly RouteQuestion[],
    signal: AbortSignal,
  ): Promise<RouteQuestion | undefined>
}

/** Of the ingress controller, as seen from here. */
export interface EntryPoints {
  /** `http://`. */
  readonly plain: URL
  /** `https://`; where it is missing all is asked at `plain`, which may answer before an app does that wants TLS. */
  readonly tls?: URL | undefined
}

interface Limits {
  /** At once: one for each worker, so that none waits for another's app. */
  readonly connections: number
  /** For tests: how long a look takes at most. */
  readonly lookMs?: number
  /** For tests. */
  readonly monotonicMs?: () => number
}

/**
 * What the controller says itself where it has no route, no pod, or no luck with it; apps say it too. It says nothing
 * while it waits for a pod that does not answer: that may be an app that takes its time.
 */
const AMBIGUOUS = new Set<StatusAnswer>([404, 502, 503, 504, 'slow'])
/** Asked so often for so long, an ambiguous answer is the app's own. */
const AMBIGUOUS_MS = 5_000
/** A question that nobody repeats for so long is over. */
const FORGOTTEN_MS = 60_000

const ATTEMPTS = 10
const PAUSE_MS = 50
/** A worker waits here: the longer one slow app may take, the sooner a few of them hold up everybody. */
const LOOK_MS = 2_000

/** One look at all addresses of an app. */
interface Look {
  readonly key: string
  readonly leftMs: () => number
  readonly signal: AbortSignal
}

export function createRouteProbe(
  { plain, tls = plain }: EntryPoints,
  { connections, lookMs = LOOK_MS, monotonicMs = () => performance.now() }: Limits,
): RouteProbe {
  const askStatus = statusAsker({ timeoutMs: lookMs, connections })
  const { isBelieved, forget } = doubts(monotonicMs)

  const ask = async (
    { host, path, overTls, port }: RouteQuestion,
    { leftMs, signal }: Look,
  ): Promise<StatusAnswer | undefined> => {
    const withinMs = leftMs()
    // The names before this one took all the time, and it is the same app.
    if (withinMs <= 0) return 'slow'
    try {
      const authority = port === undefined ? host : `${host}:${port}`
      const headers = { host: authority, 'user-agent': 'shipyard-operator' }
      const { origin } = overTls ? tls : plain
      return await askStatus({ origin, path, headers, withinMs, signal })
    } catch {
      signal.throwIfAborted()
      return undefined
    }
  }

  /** What is taken for the app's own answer. */
  const answerTo = async (question: RouteQuestion, look: Look): Promise<StatusAnswer | undefined> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await ask(question, look)
      if (answer !== undefined && (!AMBIGUOUS.has(answer) || isBelieved(look.key))) return answer
      if (answer === 'slow' || attempt === ATTEMPTS || look.leftMs() <= PAUSE_MS) return undefined
      await delay(PAUSE_MS, undefined, { signal: look.signal })
    }
  }

  return {
    async firstUnanswered(questions, signal) {
      const key = questions.map(({ host, path, overTls }) => `${host} ${path} ${overTls}`).join('\n')
      const endsMs = monotonicMs() + lookMs
      const look = { key, leftMs: () => endsMs - monotonicMs(), signal }
      for (const question of questions) {
        const answer = await answerTo(question, look)
        if (answer === undefined) return question
        // At its other names it would be as slow.
        if (answer === 'slow') break
      }
      forget(key)
      return undefined
    },
  }
}

/** Since when answers have been ambiguous, until one look finds that all is answered. */
function doubts(monotonicMs: () => number): {
  /** Whether an ambiguous answer is believed by now. */
  isBelieved: (key: string) => boolean
  forget: (key: string) => void
} {
  const unsure = new Map<string, { sinceMs: number; untilMs: number }>()
  return {
    isBelieved(key) {
      const now = monotonicMs()
      for (const [each, { untilMs }] of unsure) if (untilMs < now) unsure.delete(each)
      const sinceMs = unsure.get(key)?.sinceMs ?? now
      unsure.set(key, { sinceMs, untilMs: now + FORGOTTEN_MS })
      return now - sinceMs >= AMBIGUOUS_MS
    },
    forget: (key) => void unsure.delete(key),
  }
}
