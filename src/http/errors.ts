/** Every error that leaves by HTTP, in the one shape: code, sentence, request id. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ZodError } from 'zod'

import { AppError } from '../errors.ts'
import { appErrorOf, isOurFault, publicErrorOf } from '../rpc/error-format.ts'
import { BODY_LIMIT_KILOBYTES } from './limits.ts'

/** What Fastify itself refuses, before a route is reached. */
function fromFastify(error: FastifyError): AppError | undefined {
  switch (error.statusCode) {
    // Static files, asked for by a way out of their folder.
    case 403:
    case 404:
      return new AppError('NOT_FOUND', { what: 'page' })
    case 413:
      return new AppError('PAYLOAD_TOO_LARGE', { limitKilobytes: BODY_LIMIT_KILOBYTES })
    case 415:
      return new AppError('UNSUPPORTED_MEDIA_TYPE', {})
    case 429:
      return new AppError('RATE_LIMITED', { retryAfterSeconds: 60 })
    case 400:
    case 414:
    case 431:
      return new AppError('INVALID_INPUT', {
        problem: 'The request cannot be read: send it as the documentation shows.',
      })
    default:
      return undefined
  }
}

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known =
    error instanceof AppError || error instanceof ZodError
      ? appErrorOf(error)
      : (fromFastify(error as FastifyError) ?? appErrorOf(error))
  if (isOurFault(known.code)) request.log.error({ err: known.cause ?? known }, 'a request failed')
  else request.log.info({ code: known.code, because: known.because }, 'a request was refused')
  const data = publicErrorOf(known, { requestId: request.id })
  reply.code(known.status).header('cache-control', 'no-store')
  // A call of tRPC that is refused before its procedure: the shape that its client reads.
  if (request.url.startsWith('/trpc/'))
    return reply.send({ error: { message: data.sentence, code: -32_600, data } })
  return reply.send(data)
}

export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply))
}
