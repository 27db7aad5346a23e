/** Signing in and out: plain addresses, because they set the cookie. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import type { Config } from '../config.ts'
import { signIn } from '../modules/access/sign-in.ts'
import type { Deps } from '../modules/deps.ts'
import type { SessionCookie } from '../ports/sessions/cookie.ts'
import { SIGN_INS_PER_MINUTE } from './limits.ts'

interface Options {
  readonly config: Config
  readonly deps: Deps
  readonly cookie: SessionCookie
}

/** A path of this site: neither `//host` nor `/\host`, which are other sites to a browser. */
const Redirect = z
  .string()
  .max(2_000)
  .regex(/^\/(?![/\\])[^\s\\]*$/, 'A redirect is a path of this site, such as /templates.')
  .default('/')

const DevLogin = z.object({
  email: z
    .email({ error: 'An address is written like somebody@example.com.' })
    .max(200)
    // The one that development is signed in with has no dot.
    .or(z.literal('dev@localhost'))
    .default('dev@localhost'),
  name: z.string().trim().max(100).optional(),
  redirect: Redirect,
})

/** By which ways people can sign in here: what the page for it offers. */
export interface SignInWays {
  /** Anybody under any address, without a password. */
  readonly dev: boolean
  readonly google: boolean
}

/**
 * A way is told when there is a route for it, and not when it is merely configured: a button for Google would lead
 * through `/login` back to the page on which it stands.
 */
export const waysToSignIn = ({ isDevMode, isProduction }: Config): SignInWays => ({
  dev: isDevMode && !isProduction,
  google: false,
})

const limited = { config: { rateLimit: { max: SIGN_INS_PER_MINUTE, timeWindow: 60_000 } } }

export function registerSignIn(app: FastifyInstance, options: Options): void {
  const { config, deps, cookie } = options
  /** Where people begin. Without a provider, the page of the dashboard says what there is. */
  app.get('/login', limited, async (request, reply) => {
    const { redirect } = z.object({ redirect: Redirect }).parse(request.query)
    return reply.redirect(`/sign-in?redirect=${encodeURIComponent(redirect)}`, 303)
  })

  app.post('/logout', limited, async (request, reply) => {
    const { redirect } = z.object({ redirect: Redirect }).parse(request.query)
    await endSession(request, { deps, cookie })
    return reply.clearCookie(cookie.name, cookie.attributes).redirect(redirect, 303)
  })

  if (waysToSignIn(config).dev) {
    app.get('/dev/login', limited, async (request, reply) => devLogin(request, reply, options))
  }
}

async function endSession(
  request: FastifyRequest,
  { deps, cookie }: Pick<Options, 'deps' | 'cookie'>,
): Promise<void> {
  const session = await deps.sessions.validate(request.cookies[cookie.name] ?? '')
  if (session) await deps.sessions.invalidate(session.userId, session.id)
}

/** Signs in whoever says who they are: for development, where there is nothing to protect. */
async function devLogin(
  request: FastifyRequest,
  reply: FastifyReply,
  options: Options,
): Promise<FastifyReply> {
  const { deps, cookie } = options
  const { email, name, redirect } = DevLogin.parse(request.query)
  await endSession(request, options)
  const identity = {
    provider: 'dev',
    subject: email.toLowerCase(),
    email,
    name: name ?? nameOf(email),
    avatarUrl: null,
  }
  const { token } = await signIn(deps, identity, {
    ipAddress: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, 300),
  })
  return reply.setCookie(cookie.name, token, cookie.attributes).redirect(redirect, 303)
}

const nameOf = (email: string): string => email.split('@', 1)[0] ?? email
