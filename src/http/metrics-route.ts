/** Measures every request, and shows the measurements to who may see them. */
import type { FastifyInstance } from 'fastify'

import type { Config } from '../config.ts'
import { fail } from '../errors.ts'
import type { Metrics } from './metrics.ts'

interface Options {
  readonly config: Pick<Config, 'metricsListen'>
  readonly metrics: Metrics
}

const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** Without an address of its own, `/metrics` answers to callers on this machine only: it tells of all tenants. */
export function registerMetrics(app: FastifyInstance, { config, metrics }: Options): void {
  app.addHook('onResponse', async (request, reply) => {
    const type = reply.getHeader('content-type')
    if (typeof type === 'string' && type.startsWith('text/event-stream')) return
    const route = request.routeOptions.url ?? 'unknown'
    metrics.onRequest({ route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 })
  })
  if (config.metricsListen) return
  app.get('/metrics', async (request, reply) => {
    const isProxied = request.headers['x-forwarded-for'] !== undefined
    if (isProxied || !LOOPBACK.includes(request.ip)) fail('NOT_FOUND', { what: 'page' })
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}
