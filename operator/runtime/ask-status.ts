/** What a controller asks besides the cluster: how a web server answers. */
import { systemClock } from '../../src/kubernetes/clock.ts'
import { Agent, send } from '../../src/kubernetes/http-client.ts'
import { DeadlineExceededError, withDeadline } from './deadline.ts'

interface StatusQuestion {
  /** Never joined to one text with `path`: that may be a tenant's, and must not lead elsewhere. */
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds for connecting and all of the answer's head. */
  readonly withinMs: number
  readonly signal: AbortSignal
}

/** A status; or the question was put in time, and no answer came. */
export type StatusAnswer = number | 'slow'

/** The status of a GET, its body unread. @throws when nobody could be asked in time, or the signal's reason */
type AskStatus = (question: StatusQuestion) => Promise<StatusAnswer>

interface Limits {
  /** For connecting. */
  readonly timeoutMs: number
  /** At once, to each origin. */
  readonly connections: number
}

export function statusAsker({ timeoutMs, connections }: Limits): AskStatus {
  // Nothing is told and only a number is read: whose certificate it is, and whether it has been issued yet, is no matter.
  const connect = { timeout: timeoutMs, rejectUnauthorized: false }
  const agent = new Agent({ connect, connections })
  return async ({ signal, withinMs, ...question }) => {
    let isPut = false
    const put = (): void => void (isPut = true)
    // The caller's signal may live as long as the process: nothing is left behind on it.
    const limits = { what: 'The question', milliseconds: withinMs, clock: systemClock, signal }
    try {
      return await withDeadline(limits, async (deadline) => {
        const options = { ...question, method: 'GET', signal: deadline } as const
        const { statusCode, body } = await send(agent, options, put)
        body.on('error', () => undefined).destroy()
        return statusCode
      })
    } catch (error) {
      if (isPut && error instanceof DeadlineExceededError) return 'slow'
      throw error
    }
  }
}
