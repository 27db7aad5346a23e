/** The server as a process: how it starts, refuses to, and goes down. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'

import { freePort } from '../e2e/fixtures/free-port.ts'
import { createClient } from './sdk/create-client.ts'
import { createEmptyDatabase, dropDatabase, useTestDb } from './testing/db.ts'

const test = useTestDb()
const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

interface Server {
  readonly child: ChildProcess
  readonly url: string
  readonly output: () => string
  readonly exit: Promise<number | null>
}

async function start(env: Record<string, string> = {}, args: string[] = []): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: {
      DATABASE_DSN: test.dsn,
      DEV_MODE: 'true',
      SERVER_ADDR: `127.0.0.1:${port}`,
      BASE_URL: url,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  return { child, url, output: () => output, exit }
}

const isReady = async (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

async function ready(server: Server): Promise<void> {
  await vi.waitFor(async () => expect(await isReady(server.url)).toBe(true), {
    timeout: 15_000,
    interval: 20,
  })
}

async function signedIn({ url }: Server) {
  const response = await fetch(`${url}/dev/login`, { redirect: 'manual' })
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';')
  return createClient({ url, cookie })
}

it('is ready in three times two seconds at most, without a cluster and without a Vault', async () => {
  const startedAt = performance.now()
  const server = await start()
  await ready(server)
  expect(performance.now() - startedAt).toBeLessThan(6_000)
  expect((await (await signedIn(server)).api.auth.me.query()).user.email).toBe('dev@localhost')
})

it('ends streams and requests in good order when it is told to stop', async () => {
  const server = await start()
  await ready(server)
  const { api } = await signedIn(server)
  const teamId = (await api.auth.me.query()).currentTeamId ?? ''
  const states: string[] = []
  const subscription = api.deployments.onChange.subscribe(
    { teamId },
    { onConnectionStateChange: ({ state }) => states.push(state) },
  )
  await vi.waitFor(() => expect(states).toContain('pending'))
  const before = performance.now()
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
  expect(performance.now() - before).toBeLessThan(5_000)
  // It is connecting again, not over: another server takes it.
  await vi.waitFor(() => expect(states.at(-1)).toBe('connecting'))
  subscription.unsubscribe()
})

it('writes no password to its log, however talkative it is asked to be', async () => {
  const server = await start({ DEBUG: '*', LOG_LEVEL: 'trace' })
  await ready(server)
  await (await signedIn(server)).api.auth.me.query()
  expect(server.output()).toContain('is up')
  expect(server.output()).not.toContain(decodeURIComponent(new URL(test.dsn).password))
})

it('only migrates when that is all it is asked for', async () => {
  const server = await start({}, ['--migrate-only'])
  expect(await server.exit).toBe(0)
  expect(server.output()).not.toContain('is up')
})

it('refuses an empty database when it is not to migrate, and leaves it as it is', async () => {
  const dsn = await createEmptyDatabase()
  const env = { DATABASE_DSN: dsn, AUTO_MIGRATE: 'false' }
  const refused = await start(env)
  expect(await refused.exit).toBe(1)
  expect(refused.output()).toMatch(
    /^The database lacks \S+_init(, \S+)*, and AUTO_MIGRATE is false: .*--migrate-only/,
  )
  expect(await (await start(env, ['--migrate-only'])).exit).toBe(0)
  const server = await start(env)
  await ready(server)
  server.child.kill('SIGTERM')
  expect(await server.exit).toBe(0)
  await dropDatabase(dsn)
})

it.each<[Record<string, string>, string]>([
  [{ DATABASE_DSN: '' }, 'DATABASE_DSN is missing'],
  [{ NODE_ENV: 'production', DEV_MODE: 'true' }, 'DEV_MODE=true'],
  [{ SERVER_ADDR: 'nonsense' }, 'SERVER_ADDR'],
])('refuses to start with %o, and says why', async (env, sentence) => {
  const server = await start(env)
  expect(await server.exit).toBe(1)
  expect(server.output()).toContain(sentence)
  expect(server.output()).not.toMatch(/^\s+at /m)
})
