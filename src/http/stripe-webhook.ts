/**
 * `POST /stripe/webhook`: where Stripe says that something happened. Open to everybody, for the signature over the body
 * says who speaks: there is no session, and no page of ours calls it. An event is kept and answered at once; a worker
 * asks Stripe what is true.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { AppError, fail } from '../errors.ts'
import { createIntake } from '../modules/billing/intake.ts'
import type { Deps } from '../modules/deps.ts'
import { sendError } from './errors.ts'
import { WEBHOOK_LIMIT_KILOBYTES, WEBHOOKS_PER_MINUTE } from './limits.ts'

interface Options {
  readonly deps: Pick<Deps, 'db' | 'stripe' | 'inbox'>
}

export async function registerStripeWebhook(app: FastifyInstance, { deps }: Options): Promise<void> {
  const keep = createIntake(deps)
  await app.register((scope, _, done) => {
    takesRawBodies(scope)
    const rateLimit = { max: WEBHOOKS_PER_MINUTE, timeWindow: 60_000 }
    scope.post('/stripe/webhook', { config: { rateLimit } }, async (request, reply) => {
      const { stripe } = deps
      if (!stripe) fail('NOT_FOUND', { what: 'page' })
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      await keep(stripe.readWebhook({ body, signature: signatureOf(request) }))
      return reply.header('cache-control', 'no-store').send({ received: true })
    })
    done()
  })
}

/** The signature is over the bytes as they came, whatever they are. */
function takesRawBodies(scope: FastifyInstance): void {
  const limit = { parseAs: 'buffer', bodyLimit: WEBHOOK_LIMIT_KILOBYTES * 1024 } as const
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', limit, (_, body, done) => done(null, body))
  scope.setErrorHandler((error, request: FastifyRequest, reply: FastifyReply) => {
    const isTooLarge = (error as { statusCode?: number }).statusCode === 413
    const limitKilobytes = WEBHOOK_LIMIT_KILOBYTES
    return sendError(
      isTooLarge ? new AppError('PAYLOAD_TOO_LARGE', { limitKilobytes }) : error,
      request,
      reply,
    )
  })
}

function signatureOf({ headers }: FastifyRequest): string | undefined {
  const given = headers['stripe-signature']
  return typeof given === 'string' ? given : undefined
}
