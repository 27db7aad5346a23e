/** Signing in whoever says who they are: for development, where there is nothing to protect. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { signIn } from '../modules/access/sign-in.ts'
import { browserOf, endSession, sendSignedIn, type SignInOptions } from './browser-session.ts'
import { limitedByAddress } from './rate-limit.ts'
import { Redirect } from './redirect.ts'

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

export function registerDevLogin(app: FastifyInstance, options: SignInOptions): void {
  app.get('/dev/login', async (request, reply) => devLogin(request, reply, options))
}

async function devLogin(
  request: FastifyRequest,
  reply: FastifyReply,
  options: SignInOptions,
): Promise<FastifyReply> {
  const { deps, cookie } = options
  await limitedByAddress(request, deps, 'sign-in')
  const { email, name, redirect } = DevLogin.parse(request.query)
  await endSession(request, options)
  const person = {
    provider: 'dev',
    subject: email.toLowerCase(),
    email,
    name: name ?? nameOf(email),
    avatarUrl: null,
  }
  const { token } = await signIn(deps, person, browserOf(request))
  return sendSignedIn(reply, cookie, { token, redirect })
}

const nameOf = (email: string): string => email.split('@', 1)[0] ?? email
