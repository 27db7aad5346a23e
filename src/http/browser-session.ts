/** The session of a browser as its cookie has it: begun, and ended. */
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Config } from '../config.ts'
import type { Browser } from '../modules/access/sign-in.ts'
import type { Deps } from '../modules/deps.ts'
import type { SessionCookie } from '../ports/sessions/cookie.ts'

export interface SignInOptions {
  readonly config: Config
  readonly deps: Deps
  readonly cookie: SessionCookie
}

export const browserOf = (request: FastifyRequest): Browser => ({
  ipAddress: request.ip,
  userAgent: request.headers['user-agent'],
})

interface Begun {
  readonly token: string
  /** A path of ours. */
  readonly redirect: string
}

/** The new session goes into the cookie, and the browser to where it wanted to be. */
export const sendSignedIn = (
  reply: FastifyReply,
  { name, attributes }: SessionCookie,
  { token, redirect }: Begun,
): FastifyReply =>
  reply.header('cache-control', 'no-store').setCookie(name, token, attributes).redirect(redirect, 303)

/** Ends the session that the request shows, if there is one: who signs in or out leaves none behind. */
export async function endSession(
  request: FastifyRequest,
  { deps, cookie }: Pick<SignInOptions, 'deps' | 'cookie'>,
): Promise<void> {
  const session = await deps.sessions.validate(request.cookies[cookie.name] ?? '')
  if (!session) return
  await deps.sessions.invalidate(session.userId, session.id)
  request.log.info({ userId: session.userId, sessionId: session.id }, 'a session was ended')
}
