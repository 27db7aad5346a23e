/** The web server of a test world, on a free port of this machine. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { pino, type Logger } from 'pino'
import { afterAll, beforeAll } from 'vitest'

import { freePort } from '../../e2e/fixtures/free-port.ts'
import { parseConfig, type Config } from '../config.ts'
import type { UserId } from '../contract/ids.ts'
import { createMetrics } from '../http/metrics.ts'
import { createServer, type Server } from '../http/server.ts'
import type { OAuthPort } from '../ports/oauth/port.ts'
import { sessionCookie } from '../ports/sessions/cookie.ts'
import type { World } from './world.ts'

export interface WebServer {
  readonly url: string
  readonly config: Config
  readonly server: Server
  /** `session=…`, of a new session of this user. */
  cookieOf(userId: UserId): Promise<string>
  /** As a browser sends it from our own page. */
  fetch(path: string, init?: RequestInit & { cookie?: string }): Promise<Response>
}

interface Options {
  readonly env?: Record<string, string>
  readonly log?: Logger
  /** The issuer by which people sign in; without it there is none. Asked for in `beforeAll`. */
  readonly oauth?: (config: Config) => OAuthPort
}

/** Call it at the top of a file, after `useWorld`; the server is there from `beforeAll` on. */
export function useWebServer(world: World, options: Options = {}): WebServer {
  const parts = {} as { server: WebServer; folder: string }
  beforeAll(async () => {
    parts.folder = aDashboard()
    parts.server = await start(world, parts.folder, options)
  })
  afterAll(async () => {
    parts.server.server.app.server.closeAllConnections()
    await parts.server.server.app.close()
    rmSync(parts.folder, { recursive: true })
  })
  return new Proxy({} as WebServer, { get: (_, key) => Reflect.get(parts.server, key) as unknown })
}

async function start(world: World, dashboard: string, { env = {}, log, oauth }: Options): Promise<WebServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = parseConfig({ DATABASE_DSN: world.dsn, DEV_MODE: 'true', BASE_URL: url, ...env })
  const cookie = sessionCookie({ isSecure: config.baseUrl.startsWith('https:'), absoluteMs: 3_600_000 })
  const server = await createServer({
    config,
    deps: { ...world.deps, oauth: oauth?.(config) },
    cookie,
    metrics: createMetrics(),
    log: log ?? pino({ level: 'silent' }),
    stopping: world.stopping.signal,
    dashboard,
  })
  await server.app.listen({ host: '127.0.0.1', port })
  return {
    url,
    config,
    server,
    cookieOf: async (userId) => `${cookie.name}=${await world.signIn(userId)}`,
    fetch: async (path, { cookie: shown, ...init } = {}) => {
      const headers = new Headers(init.headers)
      if (shown !== undefined) headers.set('cookie', shown)
      if (!headers.has('origin') && init.method !== undefined) headers.set('origin', url)
      return fetch(`${url}${path}`, { redirect: 'manual', ...init, headers })
    },
  }
}

/** What Vite leaves: a page and a hashed file with its compressed twins. */
function aDashboard(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shipyard-dashboard-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Shipyard</title>')
  const script = 'export const a = 1\n'.repeat(200)
  const path = join(folder, 'assets/index-B4xq.js')
  writeFileSync(path, script)
  writeFileSync(`${path}.br`, brotliCompressSync(script))
  writeFileSync(`${path}.gz`, gzipSync(script))
  return folder
}
