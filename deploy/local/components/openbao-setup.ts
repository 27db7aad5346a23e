import { existsSync } from 'node:fs'
import { readSecret, writeSecret } from '../secrets.ts'
import { paths, type Site } from '../site.ts'
import { BaoError, type BaoClient } from './openbao-api.ts'

/**
 * What each identity may do, as narrow as its work: the server writes new versions and reads metadata but
 * never a value; External Secrets reads values and nothing else; the stack itself keeps these rules true.
 */
export const policies = {
  'shipyard-server': {
    'secret/data/*': ['create', 'update', 'patch'],
    'secret/metadata/*': ['create', 'read', 'update', 'list', 'delete'],
    'secret/delete/*': ['update'],
    'secret/destroy/*': ['update'],
    'auth/token/lookup-self': ['read'],
    'auth/token/renew-self': ['update'],
  },
  'shipyard-external-secrets': {
    'secret/data/*': ['read'],
    'auth/token/lookup-self': ['read'],
    'auth/token/renew-self': ['update'],
    'auth/token/revoke-self': ['update'],
  },
  'shipyard-stack': {
    'sys/policies/acl/shipyard-*': ['create', 'read', 'update'],
    'sys/mounts': ['read'],
    'sys/mounts/secret': ['create', 'read', 'update'],
    'secret/config': ['read', 'update'],
    'sys/auth': ['read'],
    'auth/approle/role/shipyard-*': ['create', 'read', 'update'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>

/**
 * Versions of a secret that are kept: far more than a deployment stages before the sweeper destroys what
 * nothing names, so that a version that a revision pins is never pushed out.
 */
const keptVersions = 1_000_000

/** Brings mount, policies and roles to the state that this file describes; harmless when it is so already. */
export async function configure(client: BaoClient): Promise<void> {
  const { data: mounts } = await client.call<{ data: Record<string, unknown> }>('GET', 'sys/mounts')
  if (!('secret/' in mounts))
    await client.call('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } })
  await untilUpgraded(client)
  for (const [name, rules] of Object.entries(policies)) {
    await client.call('PUT', `sys/policies/acl/${name}`, { policy: JSON.stringify(policyOf(rules)) })
  }
  const { data: methods } = await client.call<{ data: Record<string, unknown> }>('GET', 'sys/auth')
  if (!('approle/' in methods)) await client.call('POST', 'sys/auth/approle', { type: 'approle' })
  await client.call(
    'POST',
    'auth/approle/role/shipyard-server',
    role('shipyard-server', { token_period: '24h' }),
  )
  await client.call(
    'POST',
    'auth/approle/role/shipyard-external-secrets',
    role('shipyard-external-secrets', { token_ttl: '15m' }),
  )
  await client.call('POST', 'auth/approle/role/shipyard-stack', role('shipyard-stack', { token_ttl: '5m' }))
}

/** A new KV v2 mount answers "upgrading" for an instant. */
async function untilUpgraded(client: BaoClient): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await client.call('POST', 'secret/config', { max_versions: keptVersions })
      return
    } catch (error) {
      if (!(error instanceof BaoError) || error.status !== 400 || attempt > 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function role(policy: keyof typeof policies, token: object): object {
  return {
    token_policies: [policy],
    token_no_default_policy: true,
    secret_id_num_uses: 0,
    secret_id_ttl: 0,
    ...token,
  }
}

function policyOf(rules: Record<string, readonly string[]>): object {
  return {
    path: Object.fromEntries(Object.entries(rules).map(([path, capabilities]) => [path, { capabilities }])),
  }
}

export interface AppRole {
  readonly roleId: string
  readonly secretId: string
}

/** The AppRole that External Secrets Operator signs in with; its file is 0600. */
export function externalSecretsRole(site: Site): AppRole {
  return JSON.parse(readSecret(site, 'openbao-role-shipyard-external-secrets')) as AppRole
}

/**
 * A token of the identity that keeps the set-up true. With `root`, the AppRoles' credentials are made
 * first (once in the life of the folder).
 */
export async function stackAdmin(site: Site, client: BaoClient, root?: BaoClient): Promise<string> {
  if (root) for (const name of Object.keys(policies)) await issueAppRole(site, root, name)
  return signIn(site, client, 'shipyard-stack')
}

async function issueAppRole(site: Site, root: BaoClient, name: string): Promise<void> {
  if (existsSync(paths.secret(site, `openbao-role-${name}`))) return
  const { data: id } = await root.call<{ data: { role_id: string } }>(
    'GET',
    `auth/approle/role/${name}/role-id`,
  )
  const { data } = await root.call<{ data: { secret_id: string } }>(
    'POST',
    `auth/approle/role/${name}/secret-id`,
  )
  const credentials: AppRole = { roleId: id.role_id, secretId: data.secret_id }
  writeSecret(site, `openbao-role-${name}`, JSON.stringify(credentials))
}

async function signIn(site: Site, client: BaoClient, name: string): Promise<string> {
  const { roleId, secretId } = JSON.parse(readSecret(site, `openbao-role-${name}`)) as AppRole
  const body = { role_id: roleId, secret_id: secretId }
  const { auth } = await client.call<{ auth: { client_token: string } }>('POST', 'auth/approle/login', body)
  return auth.client_token
}

/** A fresh token for the server in `secrets/vault-token`; it lasts a day and the server renews it. */
export async function mintServerToken(site: Site, client: BaoClient): Promise<void> {
  writeSecret(site, 'vault-token', await signIn(site, client, 'shipyard-server'))
}
