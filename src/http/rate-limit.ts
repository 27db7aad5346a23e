/** How often one address may ask, so that one caller does not take the place of all. */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { AppError } from '../errors.ts'
import { REQUESTS_PER_MINUTE } from './limits.ts'

const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/**
 * By address, and not by what is shown: whoever invents a new token for each request would get a budget for each.
 * Callers on this machine are its owner's (behind a trusted proxy, addresses are those of its callers).
 */
export async function registerRateLimit(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    cache: 20_000,
    allowList: (request: FastifyRequest) => LOOPBACK.includes(request.ip),
    errorResponseBuilder: (_, { ttl }) =>
      new AppError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)) }),
  })
}
