/** Signing in by Google: away with the browser, and back. People who come back in vain are told why on the page. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { fail } from '../errors.ts'
import { ATTEMPT_MS, beginSignIn, signInBy, takeReturn } from '../modules/access/google-sign-in.ts'
import type { OAuthPort } from '../ports/oauth/port.ts'
import { signInCookie } from '../ports/sessions/cookie.ts'
import { browserOf, endSession, sendSignedIn, type SignInOptions } from './browser-session.ts'
import { limitedByAddress } from './rate-limit.ts'
import { Redirect } from './redirect.ts'
import { sendBack } from './send-back.ts'

interface Options extends SignInOptions {
  readonly oauth: OAuthPort
}

const text = (max: number) => z.string().min(1).max(max)

/** What an issuer adds to our address; whatever else there is, is no matter. */
const Brought = z.union([
  z.object({ state: text(200), error: text(200) }),
  z.object({ state: text(200), code: text(4_000), iss: text(500).optional() }),
])

export function registerGoogleSignIn(app: FastifyInstance, options: Options): void {
  const { config, deps, oauth } = options
  const isSecure = config.baseUrl.startsWith('https://')
  const handleCookie = signInCookie({ isSecure, absoluteMs: ATTEMPT_MS })
  const { name, attributes } = handleCookie

  app.get('/login', async (request, reply) => {
    const { redirect } = z.object({ redirect: Redirect }).parse(request.query)
    try {
      await limitedByAddress(request, deps, 'sign-in')
    } catch (error) {
      return sendBack(error, request, { reply, redirect })
    }
    const { handle, url } = await beginSignIn({ ...deps, oauth }, redirect)
    return reply
      .header('cache-control', 'no-store')
      .setCookie(name, handle, attributes)
      .redirect(url.href, 303)
  })

  app.get('/oauth2/callback', async (request, reply) => {
    const wanted = { redirect: '/' }
    reply.header('cache-control', 'no-store')
    try {
      await limitedByAddress(request, deps, 'callback')
      const { state, answer } = broughtBy(request)
      const taken = await takeReturn(deps, { handle: request.cookies[name], state })
      // Good for once, whatever comes of it.
      reply.clearCookie(name, attributes)
      wanted.redirect = taken.redirect
      const { token, userId } = await signInBy({ ...deps, oauth }, { ...taken, answer }, browserOf(request))
      await endSession(request, options)
      request.log.info({ userId }, 'somebody signed in')
      return await sendSignedIn(reply, options.cookie, { token, redirect: taken.redirect })
    } catch (error) {
      return sendBack(error, request, { reply, redirect: wanted.redirect })
    }
  })
}

/** @throws {AppError} SIGN_IN_INCOMPLETE */
function broughtBy({ query }: FastifyRequest) {
  const parsed = Brought.safeParse(query)
  if (!parsed.success) fail('SIGN_IN_INCOMPLETE', {})
  const { state, ...rest } = parsed.data
  if ('error' in rest) return { state, answer: { error: rest.error } }
  return { state, answer: { code: rest.code, issuer: rest.iss } }
}
