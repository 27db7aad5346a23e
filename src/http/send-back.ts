/** People who come back from signing in without being signed in see a page, never an answer for programs. */
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isSignInProblem } from '../contract/sign-in-problems.ts'
import type { AppError } from '../errors.ts'
import { appErrorOf, isOurFault } from '../rpc/error-format.ts'

interface Back {
  readonly reply: FastifyReply
  readonly redirect: string
}

/** To the page for signing in, with the code of what was the matter: it knows the sentence. */
export function sendBack(error: unknown, request: FastifyRequest, { reply, redirect }: Back): FastifyReply {
  const known: AppError = appErrorOf(error)
  if (isOurFault(known.code)) request.log.error({ err: known.cause ?? known }, 'a sign-in failed')
  else request.log.warn({ code: known.code, because: known.because }, 'a sign-in was refused')
  const problem = isSignInProblem(known.code) ? known.code : 'SIGN_IN_FAILED'
  const query = new URLSearchParams({ problem, request: request.id, redirect })
  if ('retryAfterSeconds' in known.params) query.set('wait', String(known.params.retryAfterSeconds))
  return reply.redirect(`/sign-in?${query.toString()}`, 303)
}
