/**
 * The parts of undici that are needed here, one by one: all of it with fetch, caches and WebSockets takes 13 MB more of
 * each process (docs/decisions/052).
 */
import type { Dispatcher } from 'undici'
import requestOf from 'undici/lib/api/api-request.js'

export { default as buildConnector } from 'undici/lib/core/connect.js'
export { default as Agent } from 'undici/lib/dispatcher/agent.js'

/**
 * `agent.request` of the whole package.
 *
 * @param beforehand asked when a connection is there and before the first byte is written; it throws to keep it from that
 */
export async function send(
  agent: Dispatcher,
  options: Dispatcher.RequestOptions,
  beforehand?: () => void,
): Promise<Dispatcher.ResponseData> {
  return requestOf.call(beforehand ? guarded(agent, beforehand) : agent, options)
}

/** Why a request was kept back, for whoever asked for it. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError'

  constructor(reason: unknown) {
    super('The request was kept back.', { cause: reason })
  }
}

function guarded(agent: Dispatcher, beforehand: () => void): Dispatcher {
  const dispatch: Dispatcher['dispatch'] = (options, handler) => {
    const start = handler.onRequestStart?.bind(handler)
    handler.onRequestStart = (controller, context) => {
      try {
        beforehand()
      } catch (reason) {
        throw new NotSentError(reason)
      }
      start?.(controller, context)
    }
    return agent.dispatch(options, handler)
  }
  return { dispatch } as Dispatcher
}
