/**
 * `deployments.get` over HTTP, once as it is and once without session and authorisation: the same web server, the same
 * schemas, the same use-case, the same statement. Told by message which of the two it is.
 */
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import cookie from '@fastify/cookie'
import fastify from 'fastify'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { z } from 'zod'

import { newId } from '../../../src/contract/ids.ts'
import { DEFAULT_NAMESPACE_PATTERN } from '../../../src/contract/names.ts'
import { DEFAULT_PLANS } from '../../../src/contract/tiers.ts'
import { renderSettingsOf, renderVariables } from '../../../src/contract/render-settings.ts'
import { finderOf, originOf } from '../../../src/http/credentials.ts'
import { getDeployment } from '../../../src/modules/deployments/get-deployment.ts'
import { DeploymentView, GetDeployment } from '../../../src/modules/deployments/schema.ts'
import type { Deps } from '../../../src/modules/deps.ts'
import { systemClock } from '../../../src/ports/clock/system.ts'
import { connectDb } from '../../../src/ports/db/postgres.ts'
import { createFakeRegistry } from '../../../src/ports/registry/fake.ts'
import { createSessions } from '../../../src/ports/sessions/lucia.ts'
import { postgresSessions } from '../../../src/ports/sessions/postgres.ts'
import { createFakeVault } from '../../../src/ports/vault/fake.ts'
import { appRouter } from '../../../src/rpc/app-router.ts'
import { contextOf } from '../../../src/rpc/context.ts'
import { t } from '../../../src/rpc/init.ts'
import { TERMINALS } from '../../../src/testing/world.ts'
import { createWorkers } from '../../../src/workers/start-workers.ts'

interface Told {
  readonly dsn: string
  readonly isGuarded: boolean
}

/** How many statements it has sent so far. */
interface Asked {
  readonly what: 'statements'
}

let statements = 0
const NOTHING = async (): Promise<void> => undefined

const openRouter = t.router({
  deployments: t.router({
    get: t.procedure
      .input(GetDeployment)
      .output(compiled(DeploymentView))
      .query(async ({ ctx, input }) => getDeployment(ctx.deps, input.id)),
  }),
})

/** As src/rpc/procedures.ts does with every output. */
function compiled(schema: z.ZodType): z.ZodType {
  return Object.create(schema, { parseAsync: { value: (data: unknown) => schema.parse(data) } }) as z.ZodType
}

function depsOf(dsn: string): Deps {
  const db = connectDb({ dsn, onStatement: () => (statements += 1) })
  const vault = createFakeVault(systemClock)
  const sessions = createSessions({ storage: postgresSessions(db), clock: systemClock })
  const render = renderSettingsOf(z.object(renderVariables).parse({ CLUSTER_SECRET_STORE: 'shipyard' }))
  const settings = {
    ...{ isBillingEnabled: false, plans: DEFAULT_PLANS, imageWatchSeconds: 300, baseUrl: 'http://127.0.0.1' },
    ...{ namespacePattern: DEFAULT_NAMESPACE_PATTERN, render, usagePrices: undefined, meterEvent: undefined },
    billingDays: { banner: 7, frozen: 7, suspended: 30, removing: 14 },
    terminals: TERMINALS,
  }
  return createWorkers({
    ports: {
      ...{ db, vault, sessions, registry: createFakeRegistry(), clock: systemClock },
      ...{ kube: undefined, mail: undefined, oauth: undefined, stripe: undefined },
    },
    settings,
    log: pino({ level: 'silent' }),
    worker: 'bench',
    stopping: new AbortController().signal,
  }).deps
}

async function serve({ dsn, isGuarded }: Told): Promise<number> {
  const deps = depsOf(dsn)
  const app = fastify({ genReqId: () => newId('req'), keepAliveTimeout: 72_000 })
  await app.register(cookie)
  await app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: isGuarded
      ? {
          router: appRouter,
          createContext: ({ req }: { req: Parameters<typeof finderOf>[0] }) =>
            contextOf(
              { deps, requestId: req.id, origin: originOf(req), renewSession: NOTHING },
              finderOf(req, { deps, cookieName: 'session' }),
            ),
        }
      : {
          router: openRouter,
          createContext: () =>
            contextOf({ deps, requestId: '', renewSession: NOTHING }, async () => undefined),
        },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

process.on('disconnect', () => process.exit(0))
process.on('message', (message: Told | Asked) => {
  if ('what' in message) {
    process.send?.(statements)
    return
  }
  serve(message).then(
    (port) => process.send?.(port),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
