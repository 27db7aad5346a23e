/** What a request shows of its caller: a session's cookie, or a key in the Authorization header. Never in a URL. */
import type { FastifyRequest } from 'fastify'

import { findCaller, type Credentials } from '../modules/access/find-caller.ts'
import type { Origin } from '../modules/access/actor.ts'
import type { Deps } from '../modules/deps.ts'
import type { Find } from '../rpc/context.ts'

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

/** Who calls and what an id names, asked anew each time. */
export function finderOf(request: FastifyRequest, { deps, cookieName }: Options): Find {
  const credentials = credentialsOf(request, cookieName)
  return async (scopeId) => (credentials ? findCaller(deps, credentials, scopeId) : undefined)
}

/** For the audit: by which address and program. */
export const originOf = ({ ip, headers }: FastifyRequest): Origin => ({
  ip,
  userAgent: headers['user-agent'],
})
