/** Headers of every answer, errors included: what a page of ours may load, and who may show it. */
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

import type { Config } from '../config.ts'

const YEAR_SECONDS = 365 * 24 * 3600

export async function registerSecurityHeaders(
  app: FastifyInstance,
  { baseUrl }: Pick<Config, 'baseUrl'>,
): Promise<void> {
  const isTls = baseUrl.startsWith('https://')
  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        // Pictures of people are at their issuers'.
        imgSrc: ["'self'", 'https:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: isTls ? { maxAge: YEAR_SECONDS, includeSubDomains: true } : false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  })
  // The same for every answer: helmet would make the policy anew for each.
  let known: Map<string, string> | undefined
  app.addHook('onRequest', async (_, reply) => {
    if (!known) {
      reply.helmet()
      known = new Map(Object.entries(reply.raw.getHeaders()).map(([name, value]) => [name, String(value)]))
    } else reply.raw.setHeaders(known)
  })
}
