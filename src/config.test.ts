import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VARIABLES } from './config-variables.ts'
import { ConfigError, parseConfig } from './config.ts'

const least = { DATABASE_DSN: 'postgres://u:pw-canary@db:5432/scheduler' }

const production = {
  ...least,
  NODE_ENV: 'production',
  BASE_URL: 'https://app.example.com/',
  GOOGLE_CLIENT_ID: 'id',
  GOOGLE_CLIENT_SECRET: 'secret',
  VAULT_ADDR: 'https://vault:8200',
  VAULT_TOKEN_FILE: '/run/token',
}

function faults(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

it('needs nothing but a database, and keeps to this machine', () => {
  expect(parseConfig(least)).toMatchObject({
    isProduction: false,
    isDevMode: false,
    listen: { host: '127.0.0.1', port: 8081 },
    baseUrl: 'http://localhost:8081',
    database: { migratesAtStart: true },
    sessions: { backend: 'postgres' },
    kubernetes: { isEnabled: false, namespacePattern: 'sandbox-{userId}-{orgId}' },
    render: {
      deploymentDomain: 'opsnorth.io',
      clusterSecretStore: '',
      ingressFrom: [{ namespaceLabels: { 'kubernetes.io/metadata.name': 'traefik' } }],
      publicAddress: { scheme: 'https' },
    },
    vault: undefined,
    google: undefined,
    billing: undefined,
  })
})

it('takes the secrets of Stripe as they are, or from files', () => {
  const billed = { ...least, BILLING_ENABLED: 'true' }
  const values = { STRIPE_SECRET_KEY: 'sk_test', STRIPE_WEBHOOK_SECRET: 'whsec_a,whsec_b' }
  expect(parseConfig({ ...billed, ...values }).billing).toEqual({
    secretKey: { value: 'sk_test' },
    webhookSecret: { value: 'whsec_a,whsec_b' },
    apiUrl: undefined,
  })
  const files = { STRIPE_SECRET_KEY_FILE: '/run/key', STRIPE_WEBHOOK_SECRET_FILE: '/run/whsec' }
  expect(parseConfig({ ...billed, ...values, ...files }).billing).toMatchObject({
    secretKey: { file: '/run/key' },
    webhookSecret: { file: '/run/whsec' },
  })
})

it('takes what a local stack sets', () => {
  const config = parseConfig({
    ...least,
    VAULT_ADDR: 'http://127.0.0.1:8200',
    VAULT_TOKEN_FILE: 'secrets/vault-token',
    KUBERNETES_ENABLED: 'true',
    KUBECONFIG: 'kubeconfig/admin.yaml',
    CLUSTER_SECRET_STORE: 'vault',
    DEPLOYMENT_DOMAIN: 'apps.localhost',
    INGRESS_HTTP_PORT: '20080',
    INGRESS_HTTPS_PORT: '20443',
    INGRESS_FROM: '10.1.2.3/32',
    SHIPYARD_REGISTRY: 'registry.localhost=http://10.1.2.3:5000',
    SHIPYARD_REGISTRY_PRIVATE: 'registry-private.localhost=http://10.1.2.3:5001',
  })
  expect(config).toMatchObject({
    vault: { address: 'http://127.0.0.1:8200', token: { file: 'secrets/vault-token' }, mount: 'secret' },
    kubernetes: { isEnabled: true, kubeconfig: 'kubeconfig/admin.yaml' },
    render: {
      deploymentDomain: 'apps.localhost',
      clusterSecretStore: 'vault',
      ingressFrom: [{ cidr: '10.1.2.3/32' }],
      publicAddress: { scheme: 'http', port: 20_080 },
    },
  })
  expect([...config.registryMirrors]).toEqual([
    ['registry.localhost', 'http://10.1.2.3:5000'],
    ['registry-private.localhost', 'http://10.1.2.3:5001'],
  ])
})

it('listens to the network in production, behind its own name', () => {
  expect(parseConfig(production)).toMatchObject({
    isProduction: true,
    listen: { host: '::', port: 8081 },
    baseUrl: 'https://app.example.com',
    google: { redirectUrl: 'https://app.example.com/oauth2/callback' },
  })
})

it.each([
  [':9000', { host: '::', port: 9000 }],
  ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
  ['[::1]:80', { host: '::1', port: 80 }],
])('reads the address %s', (text, address) => {
  expect(parseConfig({ ...least, SERVER_ADDR: text }).listen).toEqual(address)
})

it('asks for followed tags every five minutes unless told', () => {
  expect(parseConfig(least).imageWatchSeconds).toBe(300)
  expect(parseConfig({ ...least, IMAGE_WATCH_SECONDS: '15' }).imageWatchSeconds).toBe(15)
})

it('gives each stage of what is not paid its days', () => {
  expect(parseConfig(least).billingDays).toEqual({ banner: 7, frozen: 7, suspended: 30, removing: 14 })
  const own = parseConfig({ ...least, BILLING_STAGE_DAYS: '1,2,0,30' })
  expect(own.billingDays).toEqual({ banner: 1, frozen: 2, suspended: 0, removing: 30 })
  expect(() => parseConfig({ ...least, BILLING_STAGE_DAYS: '7,7,30' })).toThrow(/^BILLING_STAGE_DAYS must be/)
})

it('takes a variable that is set to nothing for one that is not set', () => {
  expect(parseConfig({ ...least, VAULT_ADDR: '', BASE_URL: ' ', LOG_LEVEL: '' }).logLevel).toBe('info')
})

describe('says in one sentence what is wrong', () => {
  it.each([
    [{}, 'DATABASE_DSN is missing: set it to postgres://user:password@host:5432/database.'],
    [
      { DATABASE_DSN: 'mysql://x' },
      'DATABASE_DSN must look like postgres://user:password@host:5432/database.',
    ],
    [{ ...least, NODE_ENV: 'prod' }, 'NODE_ENV must be production, development or test.'],
    [{ ...least, DEV_MODE: 'yes' }, 'DEV_MODE must be true or false.'],
    [{ ...least, SERVER_ADDR: 'localhost' }, /^SERVER_ADDR must be an address such as 127.0.0.1:8081/],
    [{ ...least, SERVER_ADDR: ':70000' }, /^SERVER_ADDR must be/],
    [
      { ...least, IMAGE_WATCH_SECONDS: '0' },
      'IMAGE_WATCH_SECONDS must be a number of seconds from 1 to 99999.',
    ],
    [{ ...least, BASE_URL: 'app.example.com' }, 'BASE_URL must be an http:// or https:// address.'],
    [
      { ...least, KUBERNETES_NAMESPACE: 'sandbox-{userId}' },
      /^KUBERNETES_NAMESPACE: The pattern of namespaces/,
    ],
    [{ ...least, DEPLOYMENT_DOMAIN: 'https://x' }, /^DEPLOYMENT_DOMAIN: A domain is written like/],
    [{ ...least, INGRESS_HTTP_PORT: '0' }, 'INGRESS_HTTP_PORT must be a port, a number from 1 to 65535.'],
    [{ ...least, INGRESS_FROM: '10.0.0.0/8,x' }, /^INGRESS_FROM must be ranges/],
    [{ ...least, CLUSTER_SECRET_STORE: 'My store' }, /^CLUSTER_SECRET_STORE/],
    [{ ...least, SESSION_BACKEND: 'files' }, 'SESSION_BACKEND must be postgres, redis or memory.'],
    [{ ...least, SESSION_BACKEND: 'redis' }, 'SESSION_BACKEND=redis needs REDIS_URL.'],
    [{ ...least, REDIS_URL: 'localhost:6379' }, /^REDIS_URL must look like redis:/],
    [{ ...least, SHIPYARD_REGISTRY: 'http://10.0.0.5' }, /^SHIPYARD_REGISTRY must be pairs/],
    [{ ...least, LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of/],
    [
      { ...least, VAULT_ADDR: 'http://vault' },
      'VAULT_ADDR is set, so set VAULT_TOKEN_FILE (or VAULT_TOKEN) as well.',
    ],
    [{ ...least, VAULT_TOKEN: 'x' }, 'A token for Vault is set, so set VAULT_ADDR as well.'],
    [{ ...least, GOOGLE_CLIENT_ID: 'x' }, /^GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET belong together/],
    [{ ...least, BILLING_ENABLED: 'true' }, /^BILLING_ENABLED=true needs/],
    [{ ...least, BILLING_ENABLED: 'true', STRIPE_SECRET_KEY: 'sk' }, /^BILLING_ENABLED=true needs/],
    [{ ...production, STRIPE_API_URL: 'http://stripe.example.com' }, /^STRIPE_API_URL must be https/],
    [{ ...least, STRIPE_PRICES: 'business' }, /^STRIPE_PRICES: prices are written like business:month:/],
    [{ ...least, PLANS_FILE: '/nowhere/plans.json' }, 'PLANS_FILE names a file that cannot be read.'],
    [{ ...least, USAGE_PRICE_CPU_HOUR: '0.04' }, /^USAGE_PRICE_CPU_HOUR, .* belong together/],
    [{ ...least, USAGE_PRICE_CPU_HOUR: '-1' }, /^USAGE_PRICE_CPU_HOUR must be a price/],
    [{ ...production, DEV_MODE: 'true' }, /^DEV_MODE=true signs everybody in/],
    [{ ...production, BASE_URL: 'http://app' }, /^BASE_URL must be the https:\/\/ address/],
    [{ ...production, VAULT_ADDR: '', VAULT_TOKEN_FILE: '' }, /^VAULT_ADDR is missing/],
    [
      { ...production, GOOGLE_CLIENT_ID: '', GOOGLE_CLIENT_SECRET: '' },
      /^GOOGLE_CLIENT_ID and .* are missing/,
    ],
  ])('%j', (env, sentence) => {
    const said = faults(env)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(sentence)
  })
})

it('names every fault at once, and no value', () => {
  const said = faults({
    DATABASE_DSN: 'canary',
    DEV_MODE: 'canary',
    BASE_URL: 'canary',
    VAULT_MOUNT: 'canary/..',
  })
  expect(said).toHaveLength(4)
  expect(said.join()).not.toContain('canary')
})

it('is explained on a page, variable by variable', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/configuration.md'), 'utf8')
  const explained = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name)
  expect(new Set(explained)).toEqual(new Set(VARIABLES))
})
