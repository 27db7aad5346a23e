/**
 * The server's environment, parsed once: nobody else reads it. Names and defaults are those of the manual
 * (docs/configuration.md); a variable that is set to nothing counts as not set.
 */
import { readFileSync } from 'node:fs'
import type { z } from 'zod'

import { Environment } from './config-variables.ts'
import type { ListenAddress } from './contract/listen-address.ts'
import { parsePlans, PlansError, withPrices } from './contract/plans-file.ts'
import { renderSettingsOf } from './contract/render-settings.ts'
import { DEFAULT_PLANS, type Plans } from './contract/tiers.ts'

/** Where a listener of the server stands. */
export type Address = ListenAddress

type Env = Readonly<Record<string, string | undefined>>

/** What is wrong with the environment: a sentence for each fault, none with a value in it (it may be secret). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

const addressesOf = (env: Environment): string[] => [
  env.GOOGLE_ISSUER,
  env.GOOGLE_AUTHORIZE_URL,
  env.GOOGLE_TOKEN_URL,
  env.GOOGLE_JWKS_URL,
  ...(env.GOOGLE_REDIRECT_URL ? [env.GOOGLE_REDIRECT_URL] : []),
]

const pricesIn = (env: Environment) => [
  env.USAGE_PRICE_CPU_HOUR,
  env.USAGE_PRICE_MEMORY_HOUR,
  env.USAGE_PRICE_STORAGE_MONTH,
]

interface Rule {
  /** True when the rule is broken. */
  readonly isBroken: (env: Environment) => boolean
  readonly sentence: string
}

const isProduction = (env: Environment): boolean => env.NODE_ENV === 'production'

/** What no variable can say alone. */
const rules: readonly Rule[] = [
  {
    isBroken: (env) => isProduction(env) && env.DEV_MODE,
    sentence: 'DEV_MODE=true signs everybody in without a password: remove it when NODE_ENV is production.',
  },
  {
    isBroken: (env) => isProduction(env) && !(env.GOOGLE_CLIENT_ID && env.GOOGLE_CLIENT_SECRET),
    sentence: 'GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET are missing: nobody could sign in in production.',
  },
  {
    isBroken: (env) => isProduction(env) && !env.BASE_URL?.startsWith('https://'),
    sentence:
      'BASE_URL must be the https:// address of this server in production: its cookies go over TLS only.',
  },
  {
    isBroken: (env) => Boolean(env.GOOGLE_CLIENT_ID) !== Boolean(env.GOOGLE_CLIENT_SECRET),
    sentence: 'GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET belong together: set both or none.',
  },
  {
    isBroken: (env) => isProduction(env) && addressesOf(env).some((url) => !url.startsWith('https://')),
    sentence: 'GOOGLE_ISSUER and the other addresses of Google must be https:// in production.',
  },
  {
    isBroken: (env) => env.SESSION_BACKEND === 'redis' && !env.REDIS_URL,
    sentence: 'SESSION_BACKEND=redis needs REDIS_URL.',
  },
  {
    isBroken: (env) => isProduction(env) && env.SESSION_BACKEND === 'memory',
    sentence:
      'SESSION_BACKEND=memory is for development: a restart would sign everybody out, and no other replica would know them.',
  },
  {
    isBroken: (env) => Boolean(env.VAULT_ADDR && !env.VAULT_TOKEN_FILE && !env.VAULT_TOKEN),
    sentence: 'VAULT_ADDR is set, so set VAULT_TOKEN_FILE (or VAULT_TOKEN) as well.',
  },
  {
    isBroken: (env) => !env.VAULT_ADDR && Boolean(env.VAULT_TOKEN_FILE ?? env.VAULT_TOKEN),
    sentence: 'A token for Vault is set, so set VAULT_ADDR as well.',
  },
  {
    isBroken: (env) => isProduction(env) && !env.VAULT_ADDR,
    sentence: 'VAULT_ADDR is missing: in production secrets need a Vault to be kept in.',
  },
  {
    isBroken: (env) => Boolean(env.SMTP_ADDR) !== Boolean(env.MAIL_FROM),
    sentence: 'SMTP_ADDR and MAIL_FROM belong together: set both or none.',
  },
  {
    isBroken: (env) => Boolean(env.SMTP_USERNAME) !== Boolean(env.SMTP_PASSWORD ?? env.SMTP_PASSWORD_FILE),
    sentence: 'SMTP_USERNAME and SMTP_PASSWORD_FILE (or SMTP_PASSWORD) belong together: set both or none.',
  },
  {
    isBroken: (env) => Boolean(env.SMTP_USERNAME) && env.SMTP_SECURITY === 'none',
    sentence:
      'SMTP_SECURITY=none would show the password of SMTP_USERNAME to the network: use starttls or tls.',
  },
  {
    isBroken: (env) => {
      const given = pricesIn(env).filter((price) => price !== undefined)
      return given.length > 0 && given.length < 3
    },
    sentence:
      'USAGE_PRICE_CPU_HOUR, USAGE_PRICE_MEMORY_HOUR and USAGE_PRICE_STORAGE_MONTH belong together: set all or none.',
  },
  {
    isBroken: (env) =>
      env.STRIPE_METER_EVENT !== undefined &&
      !(env.BILLING_ENABLED && pricesIn(env).every((price) => price !== undefined)),
    sentence:
      'STRIPE_METER_EVENT needs BILLING_ENABLED=true and the prices of usage: it tells Stripe what usage costs.',
  },
  {
    isBroken: (env) =>
      env.BILLING_ENABLED &&
      !(
        (env.STRIPE_SECRET_KEY ?? env.STRIPE_SECRET_KEY_FILE) &&
        (env.STRIPE_WEBHOOK_SECRET ?? env.STRIPE_WEBHOOK_SECRET_FILE)
      ),
    sentence:
      'BILLING_ENABLED=true needs STRIPE_SECRET_KEY_FILE and STRIPE_WEBHOOK_SECRET_FILE (or both without _FILE).',
  },
  {
    isBroken: (env) => isProduction(env) && Boolean(env.STRIPE_API_URL?.startsWith('http://')),
    sentence: 'STRIPE_API_URL must be https:// in production: the key of the account goes there.',
  },
]

function vaultOf(env: Environment) {
  if (!env.VAULT_ADDR) return undefined
  const token = env.VAULT_TOKEN_FILE ? { file: env.VAULT_TOKEN_FILE } : { value: env.VAULT_TOKEN ?? '' }
  return { address: env.VAULT_ADDR, token, mount: env.VAULT_MOUNT } as const
}

type SessionsConfig =
  | { readonly backend: 'postgres' | 'memory' }
  | { readonly backend: 'redis'; readonly redisUrl: string }

function sessionsOf(env: Environment): SessionsConfig {
  if (env.SESSION_BACKEND !== 'redis') return { backend: env.SESSION_BACKEND }
  return { backend: 'redis', redisUrl: env.REDIS_URL ?? '' }
}

function googleOf(env: Environment, baseUrl: string) {
  if (!env.GOOGLE_CLIENT_ID || !env.GOOGLE_CLIENT_SECRET) return undefined
  const redirectUrl = env.GOOGLE_REDIRECT_URL ?? `${baseUrl}/oauth2/callback`
  return {
    clientId: env.GOOGLE_CLIENT_ID,
    clientSecret: env.GOOGLE_CLIENT_SECRET,
    redirectUrl,
    issuer: env.GOOGLE_ISSUER,
    authorizeUrl: env.GOOGLE_AUTHORIZE_URL,
    tokenUrl: env.GOOGLE_TOKEN_URL,
    jwksUrl: env.GOOGLE_JWKS_URL,
  }
}

function mailOf(env: Environment) {
  if (!env.SMTP_ADDR || !env.MAIL_FROM) return undefined
  return {
    ...env.SMTP_ADDR,
    security: env.SMTP_SECURITY,
    username: env.SMTP_USERNAME,
    password: secretOf(env.SMTP_PASSWORD_FILE, env.SMTP_PASSWORD),
    from: env.MAIL_FROM,
  } as const
}

/** A file comes first: it can be changed without a restart. */
const secretOf = (
  file: string | undefined,
  value = '',
): { readonly file: string } | { readonly value: string } => (file ? { file } : { value })

function billingOf(env: Environment) {
  if (!env.BILLING_ENABLED) return undefined
  return {
    secretKey: secretOf(env.STRIPE_SECRET_KEY_FILE, env.STRIPE_SECRET_KEY),
    webhookSecret: secretOf(env.STRIPE_WEBHOOK_SECRET_FILE, env.STRIPE_WEBHOOK_SECRET),
    apiUrl: env.STRIPE_API_URL,
  }
}

/** @throws {ConfigError} */
function plansOf(env: Environment): Plans {
  const plans = inFile('PLANS_FILE', env.PLANS_FILE, parsePlans)
  try {
    return withPrices(plans, env.STRIPE_PRICES ?? '')
  } catch (error) {
    if (!(error instanceof PlansError)) throw error
    throw new ConfigError([`STRIPE_PRICES: ${error.message}.`])
  }
}

/** @throws {ConfigError} */
function inFile(name: string, path: string | undefined, parse: (text: string) => Plans): Plans {
  if (path === undefined) return DEFAULT_PLANS
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof PlansError) throw new ConfigError([`${name}: ${error.message}.`])
    throw new ConfigError([`${name} names a file that cannot be read.`])
  }
}

function usagePricesOf(env: Environment) {
  const [cpuHour, memoryHour, storageMonth] = pricesIn(env)
  if (cpuHour === undefined || memoryHour === undefined || storageMonth === undefined) return undefined
  return { currency: env.USAGE_CURRENCY, cpuHour, memoryHour, storageMonth }
}

function shape(env: Environment) {
  // Everybody on the network can reach a production server through its proxy; a development one nobody else.
  const listen = env.SERVER_ADDR ?? { host: isProduction(env) ? '::' : '127.0.0.1', port: 8081 }
  const baseUrl = env.BASE_URL ?? `http://localhost:${listen.port}`
  return {
    isProduction: isProduction(env),
    /** No Google: `dev@localhost` is signed in by a click. Never in production. */
    isDevMode: env.DEV_MODE,
    logLevel: env.LOG_LEVEL,
    listen,
    /** Where `/metrics` answers; absent: at `listen`, to callers on this machine only. */
    metricsListen: env.METRICS_ADDR,
    /** The public address, without a slash at its end. */
    baseUrl,
    trustedProxies: env.TRUSTED_PROXIES,
    servesDashboard: env.REACT_UI,
    database: { dsn: env.DATABASE_DSN, migratesAtStart: env.AUTO_MIGRATE },
    sessions: sessionsOf(env),
    google: googleOf(env, baseUrl),
    kubernetes: {
      isEnabled: env.KUBERNETES_ENABLED,
      /** Path of a kubeconfig; absent: the account of the pod that the server runs in. */
      kubeconfig: env.KUBECONFIG,
      namespacePattern: env.KUBERNETES_NAMESPACE,
    },
    /** What the operator renders with, for showing beforehand what it will make. */
    render: renderSettingsOf(env),
    vault: vaultOf(env),
    /** Image host → address of its registry. */
    registryMirrors: new Map([...env.SHIPYARD_REGISTRY, ...env.SHIPYARD_REGISTRY_PRIVATE]),
    /** How long a followed tag is left alone after its registry was asked. */
    imageWatchSeconds: env.IMAGE_WATCH_SECONDS,
    terminals: {
      perUser: env.TERMINALS_PER_USER,
      idleMs: env.TERMINAL_IDLE_MINUTES * 60_000,
      longestMs: env.TERMINAL_MAX_HOURS * 3_600_000,
    },
    /** Undefined: no letters are sent. */
    mail: mailOf(env),
    billing: billingOf(env),
    /** How long each stage of what is not paid lasts. */
    billingDays: env.BILLING_STAGE_DAYS,
    plans: plansOf(env),
    /** Undefined: usage is shown without money. */
    usagePrices: usagePricesOf(env),
    /** The event by which usage is told to Stripe; undefined: it is not. */
    meterEvent: env.STRIPE_METER_EVENT,
  } as const
}

export type Config = Readonly<ReturnType<typeof shape>>

/** @throws {ConfigError} with a sentence for each fault. */
export function parseConfig(env: Env): Config {
  const isSet = ([, value]: [string, string | undefined]): boolean =>
    value !== undefined && value.trim() !== ''
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(env).filter(isSet)))
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(sentenceOf))
  }
  const broken = rules.filter((rule) => rule.isBroken(parsed.data))
  if (broken.length > 0) throw new ConfigError(broken.map((rule) => rule.sentence))
  return shape(parsed.data)
}

/** Schemas of the contract say whole sentences, those of this file what the variable must be. */
function sentenceOf({ path, message }: z.core.$ZodIssue): string {
  const name = path.join('.')
  return /^[A-Z]/.test(message) ? `${name}: ${message}` : `${name} ${message}.`
}

/** The configuration of this process. @throws {ConfigError} */
export const loadConfig = (): Config => parseConfig(process.env)
