/** Signing in and out: plain addresses, because they set the cookie. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import type { Deps } from '../modules/deps.ts'
import { endSession, type SignInOptions } from './browser-session.ts'
import { registerDevLogin } from './dev-login.ts'
import { registerGoogleSignIn } from './google-routes.ts'
import { limitedByAddress } from './rate-limit.ts'
import { Redirect } from './redirect.ts'
import { sendBack } from './send-back.ts'

/** By which ways people can sign in here: what the page for it offers. */
export interface SignInWays {
  /** Anybody under any address, without a password. */
  readonly dev: boolean
  readonly google: boolean
}

/** A way is told when there is a route for it. */
export const waysToSignIn = ({ config, deps }: Pick<SignInOptions, 'config' | 'deps'>): SignInWays => ({
  dev: config.isDevMode && !config.isProduction,
  google: deps.oauth !== undefined,
})

export function registerSignIn(app: FastifyInstance, options: SignInOptions): void {
  const { deps, cookie } = options
  const ways = waysToSignIn(options)

  if (deps.oauth) registerGoogleSignIn(app, { ...options, oauth: deps.oauth })
  else registerPageOnly(app, deps)
  if (ways.dev) registerDevLogin(app, options)

  app.post('/logout', async (request, reply) => {
    const { redirect } = z.object({ redirect: Redirect }).parse(request.query)
    await endSession(request, options)
    reply.header('cache-control', 'no-store')
    return reply.clearCookie(cookie.name, cookie.attributes).redirect(redirect, 303)
  })
}

/** Without an issuer, the page of the dashboard says what there is. */
function registerPageOnly(app: FastifyInstance, deps: Deps): void {
  app.get('/login', async (request, reply) => {
    const { redirect } = z.object({ redirect: Redirect }).parse(request.query)
    try {
      await limitedByAddress(request, deps, 'sign-in')
    } catch (error) {
      return sendBack(error, request, { reply, redirect })
    }
    return reply.redirect(`/sign-in?redirect=${encodeURIComponent(redirect)}`, 303)
  })
}
