/**
 * The parts of undici that are needed here, one by one: all of it with fetch, caches and WebSockets takes 13 MB more of
 * each process (docs/decisions/052).
 */
import type { Dispatcher } from 'undici'
import requestOf from 'undici/lib/api/api-request.js'

export { default as buildConnector } from 'undici/lib/core/connect.js'
export { default as Agent } from 'undici/lib/dispatcher/agent.js'

/** `agent.request` of the whole package. */
export async function send(
  agent: Dispatcher,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  return requestOf.call(agent, options)
}
