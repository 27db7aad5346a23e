/** The web server: what stands before every route, then the routes. */
import cookie from '@fastify/cookie'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'

import type { Config } from '../config.ts'
import { newId } from '../contract/ids.ts'
import type { Deps } from '../modules/deps.ts'
import type { SessionCookie } from '../ports/sessions/cookie.ts'
import { registerAuditRoute } from './audit-route.ts'
import { registerDashboard } from './dashboard.ts'
import { registerErrors } from './errors.ts'
import { registerExecRoute, registerWebSockets } from './exec/exec-route.ts'
import type { Terminals } from './exec/terminals.ts'
import { registerHealth } from './health.ts'
import { BODY_LIMIT_KILOBYTES } from './limits.ts'
import type { LogHub } from './logs/log-hub.ts'
import { registerLogRoute } from './logs/log-route.ts'
import type { Metrics } from './metrics.ts'
import { registerMetrics } from './metrics-route.ts'
import { checkOrigin } from './origin.ts'
import { registerRateLimit } from './rate-limit.ts'
import { registerSecurityHeaders } from './security-headers.ts'
import { registerSignIn } from './sign-in-routes.ts'
import { registerStripeWebhook } from './stripe-webhook.ts'
import { registerTrpc } from './trpc.ts'
import { registerUsageRoute } from './usage-route.ts'

export interface ServerOptions {
  readonly config: Config
  readonly deps: Deps
  readonly cookie: SessionCookie
  readonly metrics: Metrics
  readonly log: FastifyBaseLogger
  /** Raised when the server goes down. */
  readonly stopping: AbortSignal
  /** Folder of the built dashboard. */
  readonly dashboard: string
}

export interface Server {
  readonly app: FastifyInstance
  /** Undefined where there is no cluster. */
  readonly logs: LogHub | undefined
  readonly terminals: Terminals
}

/** Everything but listening. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { config, deps, log, stopping } = options
  const cookieName = options.cookie.name
  const app = fastify({
    loggerInstance: log,
    bodyLimit: BODY_LIMIT_KILOBYTES * 1024,
    genReqId: () => newId('req'),
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    // Requests are measured, and refusals logged: Fastify's two lines for each would double the cost of a small one.
    logController: new LogController({ requestIdLogLabel: 'requestId', disableRequestLogging: true }),
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    // Streams end by themselves when the server goes down; what is left is closed by main.ts.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2_000 },
  })
  registerErrors(app)
  await registerSecurityHeaders(app, config)
  await app.register(cookie)
  app.addHook('onSend', async (request, reply) => void reply.header('x-request-id', request.id))
  // First of those that refuse: it ends the connections of handshakes that are.
  const terminals = await registerWebSockets(app, { deps, cookieName })
  checkOrigin(app, { baseUrl: config.baseUrl, cookieName })
  await registerRateLimit(app)
  registerMetrics(app, options)
  registerHealth(app, options)
  registerSignIn(app, options)
  await registerTrpc(app, options)
  await registerStripeWebhook(app, options)
  registerAuditRoute(app, { deps, cookieName })
  registerUsageRoute(app, { deps, cookieName })
  const logs = registerLogRoute(app, { deps, cookieName, stopping })
  registerExecRoute(app, { deps, cookieName }, terminals)
  await registerDashboard(app, { folder: options.dashboard, isServed: config.servesDashboard })
  return { app, logs, terminals }
}
