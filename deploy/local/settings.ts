import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { accepts } from './probe.ts'
import type { Existing } from './existing.ts'
import type { PortName } from './site.ts'

export interface LocalSettings {
  readonly existing: Existing
  /** `SHIPYARD_PORT_<NAME>`, e.g. `SHIPYARD_PORT_TRAEFIK_HTTP=8080`: ports chosen by number. */
  readonly ports: Partial<Record<PortName, number>>
}

type Env = Readonly<Record<string, string | undefined>>

/** The repository's folder. */
export const repository = resolve(import.meta.dirname, '../..')

/** The ports that may be asked for: those that people type or bookmark. */
const choosablePorts: readonly PortName[] = [
  'postgres',
  'openbao',
  'kube-apiserver',
  'traefik-http',
  'traefik-https',
  'shipyard-server',
]

/**
 * The settings of a local stack. Variables that are set win over the file that a Docker Compose stack of
 * this repository leaves when it is up.
 * @throws a sentence, when a variable has no sense.
 */
export async function localSettings(env: Env = process.env): Promise<LocalSettings> {
  const merged = { ...(await composeStackEnv(repository)), ...env }
  return { existing: existingOf(merged), ports: portsOf(merged) }
}

export function existingOf(env: Env): Existing {
  const vault = vaultOf(env)
  return {
    ...(env['DATABASE_DSN'] ? { databaseDsn: env['DATABASE_DSN'] } : {}),
    ...(vault ? { vault } : {}),
    ...(env['GOOGLE_CLIENT_ID'] ? { google: given(env, googleVariables) } : {}),
    ...(env['STRIPE_SECRET_KEY'] || env['STRIPE_SECRET_KEY_FILE']
      ? { stripe: given(env, stripeVariables) }
      : {}),
    ...(env['BILLING_ENABLED'] ? { billing: given(env, ['BILLING_ENABLED']) } : {}),
    ...(env['KUBECONFIG']
      ? { kubeconfig: resolve(repository, env['KUBECONFIG']), ofCluster: given(env, clusterVariables) }
      : {}),
  }
}

/** Of our own cluster the stack knows them; of another one only who runs it does. */
const clusterVariables = [
  'CLUSTER_SECRET_STORE',
  'CLUSTER_ISSUER',
  'DEPLOYMENT_DOMAIN',
  'INGRESS_FROM',
  'INGRESS_SCHEME',
  'INGRESS_HTTP_PORT',
  'INGRESS_HTTPS_PORT',
  'PRIVATE_EGRESS',
  'RESERVED_HOSTS',
  'SHIPYARD_REGISTRY',
  'SHIPYARD_REGISTRY_PRIVATE',
]

const googleVariables = [
  'GOOGLE_CLIENT_ID',
  'GOOGLE_CLIENT_SECRET',
  'GOOGLE_REDIRECT_URL',
  'GOOGLE_ISSUER',
  'GOOGLE_AUTHORIZE_URL',
  'GOOGLE_TOKEN_URL',
  'GOOGLE_JWKS_URL',
]

const stripeVariables = [
  'STRIPE_SECRET_KEY',
  'STRIPE_SECRET_KEY_FILE',
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_WEBHOOK_SECRET_FILE',
  'STRIPE_API_URL',
  'STRIPE_PRICES',
]

function given(env: Env, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name]
      return value ? [[name, value]] : []
    }),
  )
}

function vaultOf(env: Env): Existing['vault'] {
  const address = env['VAULT_ADDR']
  if (!address) return undefined
  const tokenFile = env['VAULT_TOKEN_FILE'] ? resolve(repository, env['VAULT_TOKEN_FILE']) : undefined
  if (tokenFile !== undefined && !existsSync(tokenFile)) {
    throw new Error(`VAULT_TOKEN_FILE names ${tokenFile}, which is not there.`)
  }
  const token = tokenFile === undefined ? env['VAULT_TOKEN'] : readFileSync(tokenFile, 'utf8').trim()
  if (!token) throw new Error('VAULT_ADDR is set, so set VAULT_TOKEN_FILE (or VAULT_TOKEN) as well.')
  return { address, token, ...(tokenFile === undefined ? {} : { tokenFile }) }
}

export function portsOf(env: Env): Partial<Record<PortName, number>> {
  const ports: Partial<Record<PortName, number>> = {}
  for (const name of choosablePorts) {
    const variable = `SHIPYARD_PORT_${name.toUpperCase().replaceAll('-', '_')}`
    const value = env[variable]
    if (!value) continue
    const port = Number(value)
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`${variable} is no port: ${value}.`)
    ports[name] = port
  }
  return ports
}

/** Ports of `docker-compose.yml`; its `stack.env` stays behind after `docker compose down`, so they are tried. */
const composePorts: readonly number[] = [15_432, 18_200, 16_443]

/** What `deploy/docker/README.md` promises: the file is there and three ports accept a connection. */
export async function composeStackEnv(folder: string, ports = composePorts): Promise<Env> {
  const file = join(folder, 'deploy/docker/out/stack.env')
  if (!existsSync(file)) return {}
  const open = await Promise.all(ports.map(accepts))
  return open.every(Boolean) ? parseEnv(readFileSync(file, 'utf8')) : {}
}
