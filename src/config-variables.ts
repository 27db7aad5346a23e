/** The variables that the server reads, one by one; src/config.ts makes a configuration of them. */
import { z } from 'zod'

import { httpUrl } from './contract/http-url.ts'
import { parseListenAddress, type ListenAddress } from './contract/listen-address.ts'
import { DEFAULT_NAMESPACE_PATTERN, NamespacePattern } from './contract/names.ts'
import { renderVariables } from './contract/render-settings.ts'

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

/** A price: never negative, with at most six digits after the point. */
const price = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be a price such as 0.04')
  .transform(Number)
  .optional()

export const Environment = z.object({
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
  TERMINALS_PER_USER: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a number from 1 to 999')
    .transform(Number)
    .default(5),
  TERMINAL_IDLE_MINUTES: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a number of minutes from 1 to 9999')
    .transform(Number)
    .default(30),
  TERMINAL_MAX_HOURS: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a number of hours from 1 to 999')
    .transform(Number)
    .default(12),
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
  BILLING_STAGE_DAYS: z
    .string()
    .regex(/^\d{1,3}(,\d{1,3}){3}$/, 'must be four numbers of days with commas, such as 7,7,30,14')
    .transform((text) => {
      const [banner = 0, frozen = 0, suspended = 0, removing = 0] = text.split(',').map(Number)
      return { banner, frozen, suspended, removing }
    })
    .default({ banner: 7, frozen: 7, suspended: 30, removing: 14 }),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_SECRET_KEY_FILE: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  STRIPE_WEBHOOK_SECRET_FILE: z.string().optional(),
  STRIPE_API_URL: httpUrl.optional(),
  STRIPE_PRICES: z.string().optional(),
  STRIPE_METER_EVENT: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'must be the name of an event: letters, digits, dots, dashes and underscores')
    .optional(),
  PLANS_FILE: z.string().optional(),
  USAGE_CURRENCY: z
    .string()
    .regex(/^[a-z]{3}$/, 'must be three small letters such as eur')
    .default('eur'),
  USAGE_PRICE_CPU_HOUR: price,
  USAGE_PRICE_MEMORY_HOUR: price,
  USAGE_PRICE_STORAGE_MONTH: price,
})

/** Names of all variables that the server reads; docs/configuration.md explains each. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape)

export type Environment = z.infer<typeof Environment>
