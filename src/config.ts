/**
 * The server's environment, parsed once: nobody else reads it. Names and defaults are those of the manual
 * (docs/configuration.md); a variable that is set to nothing counts as not set.
 */
import { z } from 'zod'
import { parseListenAddress, type ListenAddress } from './contract/listen-address.ts'
import { DEFAULT_NAMESPACE_PATTERN, NamespacePattern } from './contract/names.ts'
import { renderSettingsOf, renderVariables } from './contract/render-settings.ts'

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

const flag = (fallback: boolean) =>
  z
    .stringbool({ truthy: ['true', '1'], falsy: ['false', '0'], error: 'must be true or false' })
    .default(fallback)

const address = z.string().transform((text, context): ListenAddress => {
  const parsed = parseListenAddress(text)
  if (parsed) return parsed
  context.addIssue('must be an address such as 127.0.0.1:8081, or :8081 for all interfaces')
  return z.NEVER
})

const httpUrl = z
  .string()
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'must be an http:// or https:// address')
  .transform((text) => text.replace(/\/+$/, ''))

const dsn = z
  .string({ error: 'is missing: set it to postgres://user:password@host:5432/database' })
  .refine(
    (text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text),
    'must look like postgres://user:password@host:5432/database',
  )

/** `host=url`, several separated by commas: where the registries of these image hosts answer. */
const mirrors = z.string().transform((text, context): ReadonlyMap<string, string> => {
  const pairs = text.split(',').map((pair) => pair.trim().split('='))
  const isWrong = pairs.some(
    ([host = '', url = '', ...rest]) =>
      rest.length > 0 || !/^[a-z0-9.-]+(:\d+)?$/.test(host) || !/^https?:\/\/[^/]+\/?$/.test(url),
  )
  if (isWrong) {
    context.addIssue('must be pairs such as registry.example.com=http://10.0.0.5:5000, separated by commas')
    return z.NEVER
  }
  return new Map(pairs.map(([host = '', url = '']) => [host, url.replace(/\/$/, '')]))
})

const Environment = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'], { error: 'must be production, development or test' })
    .default('development'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace and silent',
    })
    .default('info'),
  SERVER_ADDR: address.optional(),
  METRICS_ADDR: address.optional(),
  BASE_URL: httpUrl.optional(),
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .refine(
      (list) => list.every((each) => /^[0-9a-fA-F:.]+(\/\d{1,3})?$/.test(each)),
      'must be addresses or networks such as 10.0.0.0/8, separated by commas',
    )
    .default([]),
  DEV_MODE: flag(false),
  REACT_UI: flag(true),
  DATABASE_DSN: dsn,
  AUTO_MIGRATE: flag(true),
  SESSION_BACKEND: z
    .enum(['postgres', 'redis', 'memory'], { error: 'must be postgres, redis or memory' })
    .default('postgres'),
  REDIS_URL: z
    .string()
    .refine(
      (text) => /^rediss?:\/\//.test(text) && URL.canParse(text),
      'must look like redis://user:password@host:6379, or rediss:// for TLS',
    )
    .optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  GOOGLE_REDIRECT_URL: httpUrl.optional(),
  GOOGLE_ISSUER: httpUrl.default('https://accounts.google.com'),
  GOOGLE_AUTHORIZE_URL: httpUrl.default('https://accounts.google.com/o/oauth2/v2/auth'),
  GOOGLE_TOKEN_URL: httpUrl.default('https://oauth2.googleapis.com/token'),
  GOOGLE_JWKS_URL: httpUrl.default('https://www.googleapis.com/oauth2/v3/certs'),
  KUBERNETES_ENABLED: flag(false),
  KUBERNETES_NAMESPACE: NamespacePattern.default(DEFAULT_NAMESPACE_PATTERN),
  KUBECONFIG: z.string().optional(),
  ...renderVariables,
  VAULT_ADDR: httpUrl.optional(),
  VAULT_TOKEN: z.string().optional(),
  VAULT_TOKEN_FILE: z.string().optional(),
  VAULT_MOUNT: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be the name of a mount such as secret')
    .default('secret'),
  SHIPYARD_REGISTRY: mirrors.default(new Map()),
  SHIPYARD_REGISTRY_PRIVATE: mirrors.default(new Map()),
  IMAGE_WATCH_SECONDS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a number of seconds from 1 to 99999')
    .transform(Number)
    .default(300),
  SMTP_ADDR: address.optional(),
  SMTP_SECURITY: z
    .enum(['tls', 'starttls', 'none'], { error: 'must be tls, starttls or none' })
    .default('starttls'),
  SMTP_USERNAME: z.string().optional(),
  SMTP_PASSWORD: z.string().optional(),
  SMTP_PASSWORD_FILE: z.string().optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/,
      'must look like Shipyard <no-reply@example.com>',
    )
    .optional(),
  BILLING_ENABLED: flag(false),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  STRIPE_API_URL: httpUrl.optional(),
})

/** Names of all variables that the server reads; docs/configuration.md explains each. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape)

type Environment = z.infer<typeof Environment>

const addressesOf = (env: Environment): string[] => [
  env.GOOGLE_ISSUER,
  env.GOOGLE_AUTHORIZE_URL,
  env.GOOGLE_TOKEN_URL,
  env.GOOGLE_JWKS_URL,
  ...(env.GOOGLE_REDIRECT_URL ? [env.GOOGLE_REDIRECT_URL] : []),
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
    isBroken: (env) => env.BILLING_ENABLED && !(env.STRIPE_SECRET_KEY && env.STRIPE_WEBHOOK_SECRET),
    sentence: 'BILLING_ENABLED=true needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.',
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
    password: env.SMTP_PASSWORD_FILE ? { file: env.SMTP_PASSWORD_FILE } : { value: env.SMTP_PASSWORD ?? '' },
    from: env.MAIL_FROM,
  } as const
}

function billingOf(env: Environment) {
  if (!env.BILLING_ENABLED) return undefined
  return {
    stripeSecretKey: env.STRIPE_SECRET_KEY ?? '',
    stripeWebhookSecret: env.STRIPE_WEBHOOK_SECRET ?? '',
    stripeApiUrl: env.STRIPE_API_URL,
  }
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
    /** Undefined: no letters are sent. */
    mail: mailOf(env),
    billing: billingOf(env),
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
