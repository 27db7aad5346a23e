/** What a request shows of its caller: a session's cookie, or a key in the Authorization header. Never in a URL. */
import type { FastifyRequest } from 'fastify'

import type { SessionId } from '../contract/ids.ts'
import { findCaller, type Credentials } from '../modules/access/find-caller.ts'
import type { Origin } from '../modules/access/actor.ts'
import type { Deps } from '../modules/deps.ts'
import type { Find } from '../rpc/context.ts'
import { limitedByAddress } from './rate-limit.ts'

const BEARER = /^Bearer ([\w-]{20,200})$/

/** A key that is shown counts, whatever cookie there is. */
function credentialsOf(request: FastifyRequest, cookieName: string): Credentials | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const key = BEARER.exec(authorization)?.[1]
    return key === undefined ? undefined : { kind: 'api_key', key }
  }
  const token = request.cookies[cookieName]
  return token ? { kind: 'session', token } : undefined
}

interface Options {
  readonly deps: Deps
  readonly cookieName: string
}

/**
 * Who calls and what an id names, asked anew each time. A stream outlives tokens: when the one that it was opened with
 * is no longer good, because its session got another one, the session itself is asked for. Keys that there are none of
 * are counted by address; one that was good is no guess, and a stream must hear that it no longer is.
 */
export function finderOf(request: FastifyRequest, options: Options): Find {
  const { deps, cookieName } = options
  const credentials = credentialsOf(request, cookieName)
  let known: SessionId | undefined
  let wasGood = false
  return async (scopeId) => {
    if (!credentials) return undefined
    const found = await findCaller(deps, credentials, scopeId)
    if (found) {
      wasGood = true
      known = found.actor.session?.id
      return found
    }
    if (credentials.kind === 'api_key' && !wasGood) await limitedByAddress(request, deps, 'api-key')
    if (known === undefined) return undefined
    return findCaller(deps, { kind: 'known_session', id: known }, scopeId)
  }
}

/** For the audit: by which address and program. */
export const originOf = ({ ip, headers }: FastifyRequest): Origin => ({
  ip,
  userAgent: headers['user-agent'],
})
