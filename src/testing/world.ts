/**
 * The server without its web server, on a database of its own: real statements and use-cases, with Vault, cluster
 * and registry in memory. For tests of procedures, use-cases and loops.
 */
import { pino, type Logger } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'

import type { UserId } from '../contract/ids.ts'
import { ImageDigest, type ImageReference } from '../contract/image.ts'
import { DEFAULT_NAMESPACE_PATTERN } from '../contract/names.ts'
import { renderSettingsOf, renderVariables } from '../contract/render-settings.ts'
import { withPrices } from '../contract/plans-file.ts'
import { DEFAULT_PLANS } from '../contract/tiers.ts'
import { findCaller } from '../modules/access/find-caller.ts'
import type { Deps, Settings } from '../modules/deps.ts'
import { syncSystemTemplates } from '../modules/templates/sync-system-templates.ts'
import type { Clock } from '../ports/clock/port.ts'
import { systemClock } from '../ports/clock/system.ts'
import type { Db } from '../ports/db/port.ts'
import { createFakeKube, type FakeKube } from '../ports/kube/fake.ts'
import type { KubePort } from '../ports/kube/port.ts'
import { fakeMail, type FakeMail } from '../ports/mail/fake.ts'
import { createFakeOAuth, type FakeOAuth } from '../ports/oauth/fake.ts'
import { createFakeRegistry, type FakeRegistry } from '../ports/registry/fake.ts'
import { createSessions } from '../ports/sessions/lucia.ts'
import { postgresSessions } from '../ports/sessions/postgres.ts'
import { seedPlans } from '../ports/db/seed-plans.ts'
import type { SessionStorage } from '../ports/sessions/storage.ts'
import { createFakeVault, type FakeVault } from '../ports/vault/fake.ts'
import type { VaultPort } from '../ports/vault/port.ts'
import { appRouter } from '../rpc/app-router.ts'
import { contextOf, type Context } from '../rpc/context.ts'
import { t } from '../rpc/init.ts'
import { createWorkers, type Workers } from '../workers/start-workers.ts'
import { useTestDb, type TestDb } from './db.ts'
import { createFakeStripe, type FakeStripe } from './stripe-fake/fake-stripe.ts'

const createCaller = t.createCallerFactory(appRouter)
export type Api = ReturnType<typeof createCaller>

export interface World extends TestDb {
  readonly vault: FakeVault
  readonly kube: FakeKube
  readonly registry: FakeRegistry
  readonly mail: FakeMail
  readonly oauth: FakeOAuth
  /** Its account is there in any world; the server uses it where `isBillingEnabled`. */
  readonly stripe: FakeStripe
  readonly deps: Deps
  readonly workers: Workers
  /** Raised to end streams. */
  readonly stopping: AbortController
  /** The context of a request of this user, or of nobody. */
  contextOf(userId?: UserId): Promise<Context>
  /** The procedures as this user calls them, or nobody. */
  as(userId?: UserId): Promise<Api>
  /** The token of a new session. */
  signIn(userId: UserId): Promise<string>
}

export interface WorldOptions {
  readonly isBillingEnabled?: boolean
  /** Of the business plan; none unless told. */
  readonly trialDays?: number
  /** The installation has no cluster. */
  readonly isClusterless?: boolean
  readonly isMailless?: boolean
  /** A real cluster instead of the one in memory; opened once and closed at the end. */
  readonly openKube?: () => KubePort
  /** The same for Vault. */
  readonly openVault?: () => VaultPort
  /** Where sessions are kept; in the database unless told. Closed at the end. */
  readonly openSessions?: (db: Db) => SessionStorage
  /** Variables that server and operator render by, besides a ClusterSecretStore `shipyard`. */
  readonly render?: Readonly<Record<string, string>>
  readonly usagePrices?: Settings['usagePrices']
  readonly meterEvent?: string
  readonly terminals?: Settings['terminals']
  readonly log?: Logger
  /** Of the server, and of the account with Stripe; the machine's unless told. */
  readonly clock?: Clock
  /** Loops run by themselves; else a test runs them. */
  readonly runsLoops?: boolean
}

/** As the fake of Stripe has them. */
const PRICED_PLANS = withPrices(
  DEFAULT_PLANS,
  ['business', 'enterprise']
    .flatMap((plan) => [`${plan}:month:price_${plan}_month`, `${plan}:year:price_${plan}_year`])
    .join(','),
)

/** What one may have of terminals, in tests and benches. */
export const TERMINALS: Settings['terminals'] = {
  perUser: 5,
  idleMs: 1_800_000,
  longestMs: 43_200_000,
  warnMs: 300,
  tickMs: 20_000,
}

const testSettings = (options: WorldOptions): Settings => {
  const { isBillingEnabled = false, trialDays = 0, render = {}, terminals = TERMINALS } = options
  const baseUrl = 'https://shipyard.example.com'
  const variables = { CLUSTER_SECRET_STORE: 'shipyard', BASE_URL: baseUrl, ...render }
  return {
    isBillingEnabled,
    billingDays: { banner: 7, frozen: 7, suspended: 30, removing: 14 },
    plans: { ...PRICED_PLANS, business: { ...PRICED_PLANS.business, trialDays } },
    baseUrl,
    namespacePattern: DEFAULT_NAMESPACE_PATTERN,
    imageWatchSeconds: 300,
    render: renderSettingsOf(z.object(renderVariables).parse(variables)),
    usagePrices: options.usagePrices,
    meterEvent: options.meterEvent,
    terminals,
  }
}

/** The images of the templates that tests use. */
export const HELLO = 'registry.localhost/shipyard/hello:1' as ImageReference
export const HELLO_DIGEST = ImageDigest.parse(`sha256:${'ab'.repeat(32)}`)

/** Call it at the top of a file; the world is there from `beforeAll` on. */
export const useWorld = (options: WorldOptions = {}): World => worldOn(useTestDb(), options)

/** Another server on the same database, by connections of its own. */
export function useReplica(world: World, options: WorldOptions = {}): World {
  const replica = new Proxy(world, {
    get: (target, key: keyof TestDb) =>
      key === 'db' ? (dbs[0] ??= target.connectAgain()) : (Reflect.get(target, key) as unknown),
  })
  const dbs: Db[] = []
  return worldOn(replica, options)
}

function worldOn(testDb: TestDb, options: WorldOptions): World {
  const parts = {} as { world: Omit<World, keyof TestDb> }
  beforeAll(async () => {
    parts.world = makeWorld(testDb, options)
    await syncSystemTemplates(testDb)
    if (options.isBillingEnabled) await seedPlans(testDb.db, PRICED_PLANS)
    if (options.runsLoops) parts.world.workers.start()
  })
  afterAll(async () => {
    parts.world.stopping.abort()
    await parts.world.workers.stop()
    const { kube, vault, sessions } = parts.world.deps
    await Promise.all([kube?.close(), vault.close(), sessions.close()])
  })
  return new Proxy(testDb as World, {
    get: (target, key: keyof World) =>
      (isOfWorld(key, parts.world)
        ? Reflect.get(parts.world ?? {}, key)
        : Reflect.get(target, key)) as unknown,
  })
}

/** A replica's own things come before those of the world that it stands on. */
const isOfWorld = (key: PropertyKey, made: object | undefined): boolean => made !== undefined && key in made

const clockOf = ({ clock = systemClock }: WorldOptions): Clock => clock

function makeWorld(testDb: TestDb, options: WorldOptions): Omit<World, keyof TestDb> {
  const clock = clockOf(options)
  const { db } = testDb
  const fakes = fakesBy(clock)
  const stopping = new AbortController()
  const sessions = createSessions({ storage: (options.openSessions ?? postgresSessions)(db), clock })
  const workers = createWorkers({
    ports: {
      ...outsideOf(options, fakes),
      db,
      sessions,
      clock,
    },
    settings: testSettings(options),
    log: options.log ?? pino({ level: 'silent' }),
    worker: 'test',
    stopping: stopping.signal,
  })
  const { deps } = workers
  const signIn = async (userId: UserId): Promise<string> => (await sessions.create({ userId })).token
  const contextFor = async (userId?: UserId): Promise<Context> => {
    const token = userId && (await signIn(userId))
    const find: Context['find'] = async (scopeId) =>
      token ? findCaller(deps, { kind: 'session', token }, scopeId) : undefined
    return contextOf({ deps, requestId: 'req_test', renewSession: async () => undefined }, find)
  }
  return {
    ...fakes,
    deps,
    workers,
    stopping,
    signIn,
    contextOf: contextFor,
    as: async (userId) => createCaller(await contextFor(userId)),
  }
}

/** What stands in for everything outside, whether the world uses it or a real one. */
function fakesBy(clock: Clock) {
  const registry = createFakeRegistry()
  registry.push(HELLO, { digest: HELLO_DIGEST })
  return {
    vault: createFakeVault(clock),
    kube: createFakeKube(clock),
    registry,
    mail: fakeMail(),
    oauth: createFakeOAuth(),
    stripe: createFakeStripe(clock),
  }
}

/** What the server of this world is given of them. */
function outsideOf(options: WorldOptions, fakes: ReturnType<typeof fakesBy>) {
  const { vault, kube, oauth, registry, mail, stripe } = fakes
  const cluster = options.openKube?.() ?? kube
  return {
    vault: options.openVault?.() ?? vault,
    kube: options.isClusterless ? undefined : cluster,
    oauth,
    registry,
    mail: options.isMailless ? undefined : mail,
    stripe: options.isBillingEnabled ? stripe : undefined,
  }
}
