import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { Command, Component, StartContext } from '../component.ts'
import { readSecret, writeSecret } from '../secrets.ts'
import { paths, type Site } from '../site.ts'
import { bao, type BaoClient } from './openbao-api.ts'
import { configure, mintServerToken, stackAdmin } from './openbao-setup.ts'

/**
 * OpenBao, which speaks Vault's API: KV v2 at `secret/` in storage that survives a restart, unsealed by
 * itself with a key that lies beside it (0600). The root token is revoked as soon as the policies are in
 * place; the server and External Secrets Operator have identities of their own.
 */
export const openbao: Component = {
  name: 'openbao',
  about: 'OpenBao (secrets)',
  needs: [],
  programs: ['bao'],
  async start({ site, program }: StartContext): Promise<Command> {
    mkdirSync(paths.data(site, 'openbao'), { recursive: true, mode: 0o700 })
    const config = paths.config(site, 'openbao.json')
    writeFileSync(config, JSON.stringify(configOf(site), null, 2), { mode: 0o600 })
    return { path: program('bao'), args: ['server', `-config=${config}`], graceMs: 5_000 }
  },
  async ready({ site }) {
    const client = bao(vaultAddress(site))
    const { initialized } = await client.call<{ initialized: boolean }>('GET', 'sys/init')
    if (!initialized) await initialise(site, client)
    if ((await client.call<{ sealed: boolean }>('GET', 'sys/seal-status')).sealed)
      throw new Error('it is still sealed')
    if (existsSync(paths.secret(site, 'openbao-root'))) await setUp(site, client)
    else await configure(client.with(await stackAdmin(site, client)))
    await mintServerToken(site, client)
  },
}

export function vaultAddress(site: Site): string {
  return `http://127.0.0.1:${site.ports.openbao}`
}

function configOf(site: Site): object {
  const key = paths.secret(site, 'openbao-seal')
  if (!existsSync(key)) writeSecret(site, 'openbao-seal', randomBytes(32).toString('base64'))
  return {
    storage: { raft: { path: paths.data(site, 'openbao'), node_id: 'local', performance_multiplier: 1 } },
    cluster_addr: `http://127.0.0.1:${site.ports['openbao-cluster']}`,
    listener: [{ tcp: { address: `127.0.0.1:${site.ports.openbao}`, tls_disable: true } }],
    seal: { static: { current_key_id: 'local', current_key: `file://${key}` } },
    api_addr: vaultAddress(site),
    disable_mlock: true,
    ui: false,
    log_level: site.isVerbose ? 'trace' : 'warn',
    default_lease_ttl: '24h',
    max_lease_ttl: '87600h',
  }
}

interface InitAnswer {
  readonly root_token: string
  readonly recovery_keys: readonly string[]
}

/** The answer comes once, so it is kept (0600) before anything else is done with it. */
async function initialise(site: Site, client: BaoClient): Promise<void> {
  const answer = await client.call<InitAnswer>('POST', 'sys/init', {
    recovery_shares: 1,
    recovery_threshold: 1,
  })
  writeSecret(site, 'openbao-root', answer.root_token)
  writeSecret(site, 'openbao-recovery', answer.recovery_keys[0] ?? '')
}

/** With the root token, once; were we killed half-way, its file is still there and all is done again. */
async function setUp(site: Site, client: BaoClient): Promise<void> {
  const root = client.with(readSecret(site, 'openbao-root'))
  await configure(root)
  await stackAdmin(site, client, root)
  await root.call('POST', 'auth/token/revoke-self')
  rmSync(paths.secret(site, 'openbao-root'))
}
