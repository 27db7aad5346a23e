/** The web server with its loops, on a database, with an account at Stripe in memory. Told by message which database. */
import { pino } from 'pino'
import { z } from 'zod'

import { parseConfig } from '../../../src/config.ts'
import { DEFAULT_NAMESPACE_PATTERN } from '../../../src/contract/names.ts'
import { renderSettingsOf, renderVariables } from '../../../src/contract/render-settings.ts'
import { DEFAULT_PLANS } from '../../../src/contract/tiers.ts'
import { createMetrics } from '../../../src/http/metrics.ts'
import { createServer } from '../../../src/http/server.ts'
import { systemClock } from '../../../src/ports/clock/system.ts'
import { connectDb } from '../../../src/ports/db/postgres.ts'
import { createFakeRegistry } from '../../../src/ports/registry/fake.ts'
import { sessionCookie } from '../../../src/ports/sessions/cookie.ts'
import { createSessions } from '../../../src/ports/sessions/lucia.ts'
import { postgresSessions } from '../../../src/ports/sessions/postgres.ts'
import { createFakeVault } from '../../../src/ports/vault/fake.ts'
import { createFakeStripe } from '../../../src/testing/stripe-fake/fake-stripe.ts'
import { TERMINALS } from '../../../src/testing/world.ts'
import { createWorkers } from '../../../src/workers/start-workers.ts'

interface Told {
  readonly dsn: string
  readonly port: number
}

const HOUR_MS = 3_600_000

async function serve({ dsn, port }: Told): Promise<number> {
  const db = connectDb({ dsn })
  const log = pino({ level: 'silent' })
  const { signal: stopping } = new AbortController()
  const render = renderSettingsOf(z.object(renderVariables).parse({ CLUSTER_SECRET_STORE: 'shipyard' }))
  const workers = createWorkers({
    ports: {
      ...{ db, vault: createFakeVault(systemClock), registry: createFakeRegistry(), clock: systemClock },
      sessions: createSessions({ storage: postgresSessions(db), clock: systemClock }),
      stripe: createFakeStripe(systemClock),
      ...{ kube: undefined, mail: undefined, oauth: undefined },
    },
    settings: {
      ...{
        isBillingEnabled: true,
        plans: DEFAULT_PLANS,
        imageWatchSeconds: 300,
        baseUrl: 'http://127.0.0.1',
      },
      ...{
        namespacePattern: DEFAULT_NAMESPACE_PATTERN,
        render,
        usagePrices: undefined,
        meterEvent: undefined,
      },
      billingDays: { banner: 7, frozen: 7, suspended: 30, removing: 14 },
      terminals: TERMINALS,
    },
    log,
    worker: 'bench',
    stopping,
  })
  const { app } = await createServer({
    config: parseConfig({
      DATABASE_DSN: dsn,
      DEV_MODE: 'true',
      REACT_UI: 'false',
      BASE_URL: `http://127.0.0.1:${port}`,
    }),
    deps: workers.deps,
    cookie: sessionCookie({ isSecure: false, absoluteMs: HOUR_MS }),
    metrics: createMetrics(),
    log,
    stopping,
    dashboard: import.meta.dirname,
  })
  workers.start()
  await app.listen({ host: '127.0.0.1', port })
  return port
}

process.on('disconnect', () => process.exit(0))
process.on('message', (told: Told) => {
  serve(told).then(
    (port) => process.send?.(port),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
