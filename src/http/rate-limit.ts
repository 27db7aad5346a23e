/** How often one address may ask, so that one caller does not take the place of all. */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { AppError } from '../errors.ts'
import { addressSubject, limited, type LimitedThing } from '../modules/access/limited.ts'
import type { Deps } from '../modules/deps.ts'
import { REQUESTS_PER_MINUTE } from './limits.ts'

const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/**
 * By address, and not by what is shown: whoever invents a new token for each request would get a budget for each.
 * Callers on this machine are its owner's (behind a trusted proxy, addresses are those of its callers). Each replica
 * counts for itself: this keeps one from being overrun.
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

/**
 * Counts a try of what could be guessed, by the address of the caller and for all replicas together.
 *
 * @throws {AppError} RATE_LIMITED
 */
export async function limitedByAddress(
  request: FastifyRequest,
  deps: Pick<Deps, 'db' | 'clock'>,
  what: LimitedThing,
): Promise<void> {
  if (!LOOPBACK.includes(request.ip)) await limited(deps, what, addressSubject(request.ip))
}
