/** Composes the server: ports, loops, web server. The only file of it that may import everything. */
import { randomBytes } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pino, stdTimeFunctions, type Logger } from 'pino'

import { ConfigError, loadConfig, type Address, type Config } from './config.ts'
import { fail } from './errors.ts'
import { createMetrics, type Metrics } from './http/metrics.ts'
import { createServer, type Server } from './http/server.ts'
import type { Settings } from './modules/deps.ts'
import { syncSystemTemplates } from './modules/templates/sync-system-templates.ts'
import { systemClock } from './ports/clock/system.ts'
import { assertMigrated, migrate } from './ports/db/migrate.ts'
import { connectDb } from './ports/db/postgres.ts'
import type { Db } from './ports/db/port.ts'
import { seedPlans } from './ports/db/seed-plans.ts'
import { createKube } from './ports/kube/kubernetes.ts'
import { smtpMail } from './ports/mail/smtp.ts'
import { createGoogle } from './ports/oauth/google.ts'
import { createRegistry } from './ports/registry/oci.ts'
import { sessionCookie } from './ports/sessions/cookie.ts'
import { homesIn } from './ports/sessions/home.ts'
import { createSessions, usualPeriods } from './ports/sessions/lucia.ts'
import { memorySessions } from './ports/sessions/memory.ts'
import { postgresSessions } from './ports/sessions/postgres.ts'
import { connectRedis } from './ports/sessions/redis-connection.ts'
import { redisSessions } from './ports/sessions/redis.ts'
import type { SessionStorage } from './ports/sessions/storage.ts'
import { createStripe } from './ports/stripe/stripe.ts'
import type { Ports } from './ports/types.ts'
import { createVault } from './ports/vault/node-vault.ts'
import type { VaultPort } from './ports/vault/port.ts'
import { createWorkers, type Workers } from './workers/start-workers.ts'

/** How long requests and streams may take to end when the server goes down. */
const DRAIN_MS = 8_000

async function main(): Promise<void> {
  const config = loadConfig()
  const log = createLog(config)
  const isMigrateOnly = process.argv.includes('--migrate-only')
  if (isMigrateOnly || config.database.migratesAtStart) {
    const { applied } = await migrate({ dsn: config.database.dsn })
    if (applied.length > 0) log.info({ applied }, 'the database was brought to this release')
  }
  if (isMigrateOnly) return
  if (!config.database.migratesAtStart) await assertMigrated({ dsn: config.database.dsn })
  await serve(config, log)
}

async function serve(config: Config, log: Logger): Promise<void> {
  const metrics = createMetrics()
  const stopping = new AbortController()
  const ports = openPorts(config, log, metrics)
  const workers = createWorkers({
    ports,
    settings: settingsOf(config),
    log,
    worker: `${hostname()}-${randomBytes(4).toString('hex')}`,
    onRun: metrics.onLoopRun,
    stopping: stopping.signal,
  })
  await Promise.all([seedPlans(ports.db, config.plans), syncSystemTemplates(ports)])
  const cookie = sessionCookie({
    isSecure: config.baseUrl.startsWith('https://'),
    absoluteMs: usualPeriods.absoluteMs,
  })
  const dashboard = join(import.meta.dirname, '../dist/web')
  const server = await createServer({
    config,
    deps: workers.deps,
    cookie,
    metrics,
    log,
    stopping: stopping.signal,
    dashboard,
  })
  measure(metrics, workers, server)
  await server.app.listen({ host: config.listen.host, port: config.listen.port })
  const closeMetrics = await listenForMetrics(metrics, config.metricsListen)
  workers.start()
  log.info({ url: config.baseUrl }, 'the server is up')

  onStop(log, async () => {
    stopping.abort()
    const deadline = setTimeout(() => server.app.server.closeAllConnections(), DRAIN_MS)
    await Promise.all([server.app.close(), workers.stop(), closeMetrics()])
    clearTimeout(deadline)
    await Promise.all([ports.kube?.close(), ports.vault.close(), ports.registry.close()])
    await ports.sessions.close()
    await ports.db.close()
  })
}

function createLog(config: Config): Logger {
  return pino({
    level: config.logLevel,
    base: { name: 'shipyard-server' },
    timestamp: stdTimeFunctions.isoTime,
    // A last net: nothing logs a header or a body on purpose.
    redact: ['req.headers', '*.authorization', '*.cookie', '*.token', '*.password'],
  })
}

function openPorts(config: Config, log: Logger, metrics: Metrics): Ports {
  const db: Db = connectDb({
    dsn: config.database.dsn,
    onDuration: metrics.onStatement,
    onLostConnection: (error) => log.warn({ err: error }, 'a connection to the database was lost'),
  })
  const clock = systemClock
  const onTrouble = (error: unknown): void =>
    log.debug({ err: error }, 'the watch of the cluster had trouble')
  const { isEnabled, kubeconfig } = config.kubernetes
  return {
    db,
    clock,
    vault: config.vault
      ? createVault({ ...config.vault, onTrouble: (sentence) => log.warn(sentence) })
      : absentVault,
    kube: isEnabled ? createKube({ kubeconfig, onTrouble }) : undefined,
    mail: config.mail && smtpMail(config.mail),
    oauth: config.google && createGoogle({ ...config.google, clock }),
    registry: createRegistry({ mirrors: config.registryMirrors }),
    sessions: createSessions({ storage: sessionStorage(config, db, log), clock }),
    stripe: config.billing && createStripe({ ...config.billing, clock }),
  }
}

function sessionStorage({ sessions }: Pick<Config, 'sessions'>, db: Db, log: Logger): SessionStorage {
  const findHome = homesIn(db)
  if (sessions.backend !== 'redis')
    return sessions.backend === 'memory' ? memorySessions(findHome) : postgresSessions(db)
  const onTrouble = (error: unknown): void => log.warn({ err: error }, 'Redis had trouble')
  return redisSessions({ redis: connectRedis({ url: sessions.redisUrl, onTrouble }), findHome })
}

/** Without VAULT_ADDR everything works but secrets. */
const noVault = async (): Promise<never> =>
  fail('VAULT_UNAVAILABLE', {}, { because: 'VAULT_ADDR is not set' })
const absentVault: VaultPort = {
  writeSecret: noVault,
  mergeSecret: noVault,
  // Nothing was ever written, so there is nothing to find or to remove.
  readMetadata: async () => undefined,
  listChildren: async () => [],
  destroyVersions: async () => undefined,
  deleteAll: async () => undefined,
  health: async () => ({ isHealthy: false, reason: 'There is no Vault: VAULT_ADDR is not set.' }),
  close: async () => undefined,
}

const settingsOf = (config: Config): Settings => ({
  isBillingEnabled: config.billing !== undefined,
  billingDays: config.billingDays,
  plans: config.plans,
  baseUrl: config.baseUrl,
  namespacePattern: config.kubernetes.namespacePattern,
  imageWatchSeconds: config.imageWatchSeconds,
  render: config.render,
  usagePrices: config.usagePrices,
  meterEvent: config.meterEvent,
  terminals: {
    ...config.terminals,
    // At the end of somebody's own server nobody wants to wait.
    warnMs: config.isProduction ? 10_000 : 1_000,
    tickMs: 20_000,
  },
})

function measure(metrics: Metrics, { deps }: Workers, { logs, terminals }: Server): void {
  metrics.gauge('shipyard_cluster_live', 'Whether the cluster is heard of.', () =>
    deps.facts.cluster() === 'live' ? 1 : 0,
  )
  metrics.gauge('shipyard_watchers', 'Open streams of changes.', () => deps.changes.listeners)
  metrics.gauge('shipyard_logs_open', 'Deployments whose log is read.', () => logs?.size ?? 0)
  metrics.gauge('shipyard_terminals_open', 'Terminals in containers.', () => terminals.size)
}

/** @returns how to close it */
async function listenForMetrics(
  metrics: Metrics,
  address: Address | undefined,
): Promise<() => Promise<void>> {
  if (!address) return async () => undefined
  const server = createHttpServer((request, response) => {
    const answer = async (): Promise<void> => {
      const isMetrics = request.url === '/metrics'
      response.writeHead(isMetrics ? 200 : 404, { 'content-type': metrics.registry.contentType })
      response.end(isMetrics ? await metrics.registry.metrics() : '')
    }
    answer().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(address.port, address.host, resolve))
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** Stops once, at the first signal; the second one does not wait. */
function onStop(log: Logger, stop: () => Promise<void>): void {
  let isStopping = false
  const handle = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    log.info({ signal }, 'the server goes down')
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'the server did not go down in good order')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, handle)
}

try {
  await main()
} catch (error) {
  const isForPeople = error instanceof ConfigError || (error as Error).name === 'MigrationError'
  process.stderr.write(
    `${isForPeople ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`,
  )
  // Connections that are open would keep the process.
  process.exit(1)
}
