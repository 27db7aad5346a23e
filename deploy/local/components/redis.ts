import { mkdirSync, writeFileSync } from 'node:fs'
import { createClient } from 'redis'
import type { Command, Component, StartContext } from '../component.ts'
import { readSecret } from '../secrets.ts'
import { paths, type Site } from '../site.ts'

/** Redis, for sessions that are kept in it (`SESSION_BACKEND=redis`). It writes nothing to the disk. */
export const redis: Component = {
  name: 'redis',
  about: 'Redis',
  needs: [],
  programs: ['redis-server'],
  async start({ site, program }: StartContext): Promise<Command> {
    mkdirSync(paths.data(site, 'redis'), { recursive: true })
    const config = paths.config(site, 'redis.conf')
    const settings = [
      'bind 127.0.0.1',
      `port ${site.ports.redis}`,
      // Not among its arguments, which everybody on the machine may read.
      `requirepass ${readSecret(site, 'redis')}`,
      `dir ${paths.data(site, 'redis')}`,
      ...['save ""', 'appendonly no', 'daemonize no', 'maxmemory 256mb', 'maxmemory-policy noeviction'],
    ]
    writeFileSync(config, settings.join('\n'), { mode: 0o600 })
    return { path: program('redis-server'), args: [config] }
  },
  async ready({ site }) {
    const client = createClient({
      url: redisUrl(site),
      socket: { connectTimeout: 2_000, reconnectStrategy: false },
    })
    // What it says by this event it also says by rejecting.
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.ping()
    } finally {
      client.destroy()
    }
  },
}

export const redisUrl = (site: Site): string =>
  `redis://:${readSecret(site, 'redis')}@127.0.0.1:${site.ports.redis}`
