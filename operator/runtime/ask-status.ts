/** What a controller asks besides the cluster: how a web server answers. */
import { systemClock } from '../../src/kubernetes/clock.ts'
import { Agent, send } from '../../src/kubernetes/http-client.ts'
import { withDeadline } from './deadline.ts'

interface StatusQuestion {
  /** Never joined to one text with `path`: that may be a tenant's, and must not lead elsewhere. */
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** The status of a GET, its body unread. @throws when nothing answers in time, or the signal's reason */
type AskStatus = (question: StatusQuestion) => Promise<number>

interface Limits {
  /** For connecting, and then for all of the answer's head. */
  readonly timeoutMs: number
  /** At once, to each origin. */
  readonly connections: number
}

export function statusAsker({ timeoutMs, connections }: Limits): AskStatus {
  // Nothing is told and only a number is read: whose certificate it is, and whether it has been issued yet, is no matter.
  const connect = { timeout: timeoutMs, rejectUnauthorized: false }
  const agent = new Agent({ connect, headersTimeout: timeoutMs, connections })
  return async ({ signal, ...question }) =>
    // The caller's signal may live as long as the process: nothing is left behind on it.
    withDeadline(
      { what: 'The question', milliseconds: timeoutMs, clock: systemClock, signal },
      async (deadline) => {
        const { statusCode, body } = await send(agent, { ...question, method: 'GET', signal: deadline })
        body.on('error', () => undefined).destroy()
        return statusCode
      },
    )
}
