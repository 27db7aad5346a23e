import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { replacedBy, selectComponents } from './parts.ts'
import { composeStackEnv, existingOf, portsOf } from './settings.ts'
import { stackEnv } from './stack-env.ts'
import { testSite } from './testing/site.ts'

it('uses what the environment names instead of a part of its own', () => {
  const existing = existingOf({ DATABASE_DSN: 'postgres://a', VAULT_ADDR: 'http://v', VAULT_TOKEN: 't' })
  expect(existing).toEqual({ databaseDsn: 'postgres://a', vault: { address: 'http://v', token: 't' } })
  expect(replacedBy(existing)).toEqual(['postgres', 'openbao'])
  const names = selectComponents({ canRunNode: true, existing }).map((each) => each.name)
  expect(names).not.toContain('postgres')
  expect(names).toContain('external-secrets')
})

it('tells server and operator of what is outside all that they have to know of it', () => {
  const outside = {
    VAULT_ADDR: 'http://v',
    VAULT_TOKEN: 't',
    KUBECONFIG: '/k',
    CLUSTER_SECRET_STORE: 'theirs',
    DEPLOYMENT_DOMAIN: 'apps.example.com',
  }
  using site = testSite()
  const toldBy = (env: Record<string, string>) => stackEnv({ ...site, existing: existingOf(env) }, [])
  expect(toldBy({ ...outside, PRIVATE_EGRESS: '', HOME: '/root' })).toEqual({
    ...outside,
    KUBERNETES_ENABLED: 'true',
  })
  // What the stack's own cluster is like, nobody has to say.
  expect(toldBy({ ...outside, KUBECONFIG: '' })).toEqual({ VAULT_ADDR: 'http://v', VAULT_TOKEN: 't' })
})

it('lets people sign in by Google itself where its client is named', () => {
  const named = { GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'secret' }
  const existing = existingOf({ ...named, HOME: '/root' })
  expect(selectComponents({ canRunNode: false, existing }).map(({ name }) => name)).not.toContain('google')
  using site = testSite()
  expect(stackEnv({ ...site, existing }, [])).toEqual(named)
  expect(stackEnv(site, ['google'])['GOOGLE_AUTHORIZE_URL']).toMatch(/^http:\/\/localhost:\d+\/authorize$/)
})

it('lets people pay by Stripe itself where its key is named, and tells the server whether they pay at all', () => {
  const named = { STRIPE_SECRET_KEY: 'sk_live', STRIPE_WEBHOOK_SECRET: 'whsec' }
  const existing = existingOf({ ...named, BILLING_ENABLED: 'true', HOME: '/root' })
  expect(selectComponents({ canRunNode: false, existing }).map(({ name }) => name)).not.toContain('stripe')
  using site = testSite()
  expect(stackEnv({ ...site, existing }, [])).toEqual({ ...named, BILLING_ENABLED: 'true' })
  expect(stackEnv(site, ['stripe'])['STRIPE_PRICES']).toBe(
    'business:month:price_business_month,business:year:price_business_year,enterprise:month:price_enterprise_month,enterprise:year:price_enterprise_year',
  )
})

it('starts nothing of a cluster when there is one', () => {
  const names = selectComponents({ canRunNode: true, existing: { kubeconfig: '/k' } }).map(
    (each) => each.name,
  )
  expect(names).toEqual(['postgres', 'openbao', 'stripe-mock', 'maildev', 'google', 'stripe'])
})

it('brings along all that a part needs, and refuses a part that it does not know', () => {
  const names = selectComponents({ canRunNode: true, wanted: ['kube-apiserver'] }).map((each) => each.name)
  expect(names).toEqual(['network', 'etcd', 'kube-apiserver'])
  expect(() => selectComponents({ canRunNode: true, wanted: ['mongodb'] })).toThrow(
    /There is no component mongodb: choose from postgres,/,
  )
})

it('runs simulated nodes alone where no real one can run', () => {
  const names = selectComponents({ canRunNode: false }).map((each) => each.name)
  expect(names).toContain('kwok')
  for (const name of ['node', 'kubelet', 'coredns']) expect(names).not.toContain(name)
})

it('refuses settings without sense in a sentence', () => {
  expect(() => existingOf({ VAULT_ADDR: 'http://v' })).toThrow('VAULT_ADDR is set, so set VAULT_TOKEN_FILE')
  expect(() => existingOf({ VAULT_ADDR: 'http://v', VAULT_TOKEN_FILE: '/nowhere' })).toThrow(
    'VAULT_TOKEN_FILE names /nowhere, which is not there.',
  )
  expect(() => portsOf({ SHIPYARD_PORT_TRAEFIK_HTTP: '99999' })).toThrow(
    'SHIPYARD_PORT_TRAEFIK_HTTP is no port: 99999.',
  )
  expect(portsOf({ SHIPYARD_PORT_TRAEFIK_HTTP: '8080' })).toEqual({ 'traefik-http': 8080 })
})

it('uses a Docker Compose stack while it is up, and not the file that it leaves behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shipyard-compose-'))
  mkdirSync(join(folder, 'deploy/docker/out'), { recursive: true })
  writeFileSync(join(folder, 'deploy/docker/out/stack.env'), 'DATABASE_DSN=postgres://compose\n')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await composeStackEnv(folder, [port])).toEqual({ DATABASE_DSN: 'postgres://compose' })
  server.close()
  await once(server, 'close')
  expect(await composeStackEnv(folder, [port])).toEqual({})
  rmSync(folder, { recursive: true })
})
