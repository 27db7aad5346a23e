import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'

import { newId, type DeploymentId } from '../contract/ids.ts'
import { Dns1123Label, ServiceName } from '../contract/names.ts'
import { hashOfKey } from '../modules/access/find-caller.ts'
import { namespaceOf } from '../modules/deployments/custom-resource.ts'
import { nameOf } from '../modules/deployments/name-of.ts'
import type { PodSummary } from '../ports/kube/port.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { aForm, deployed } from '../testing/deploy.ts'
import { useWebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'
import { createClient, type Client } from './create-client.ts'
import type { LogItem } from './follow-logs.ts'

const world = useWorld({ runsLoops: true })
const web = useWebServer(world)
let tenant: Tenant
let client: Client
let leaving = new AbortController()

beforeAll(async () => {
  tenant = await aTenant(world.db)
  client = createClient({ url: web.url, cookie: await web.cookieOf(tenant.userId) })
})
afterEach(() => {
  leaving.abort()
  leaving = new AbortController()
})

async function anApiKey(scopes: string[], teamId: string | null = null): Promise<Client> {
  const apiKey = `shp_${'k'.repeat(20)}${newId('key').slice(4)}`
  await world.db.prisma.apiKey.create({
    data: {
      id: newId('key'),
      name: 'ci',
      prefix: apiKey.slice(0, 8),
      keyHash: hashOfKey(apiKey),
      scopes,
      orgId: tenant.orgId,
      teamId,
      createdById: tenant.userId,
    },
  })
  return createClient({ url: web.url, token: apiKey })
}

it('calls procedures as the session of somebody', async () => {
  expect((await client.api.auth.me.query()).user.id).toBe(tenant.userId)
  const form = await aForm(world, tenant.teamId)
  await client.api.deployments.create.mutate(form)
  const { items } = await client.api.deployments.list.query({ teamId: tenant.teamId })
  expect(items.map(({ id }) => id)).toContain(form.id)
})

it('calls with a key what the key is for, and nothing else', async () => {
  const id = await deployed(world, tenant)
  const reader = await anApiKey(['deployments:read'])
  expect(await reader.api.deployments.get.query({ id })).toMatchObject({ id })
  await expect(reader.api.deployments.restart.mutate({ id })).rejects.toMatchObject({
    data: { code: 'KEY_SCOPE_MISSING' },
  })
  await expect(reader.api.secrets.list.query({ id })).rejects.toMatchObject({
    data: { code: 'KEY_SCOPE_MISSING' },
  })
  await expect(reader.api.auth.me.query()).rejects.toMatchObject({ data: { code: 'KEY_SCOPE_MISSING' } })
  const writer = await anApiKey(['deployments:write'], tenant.teamId)
  expect(await writer.api.deployments.restart.mutate({ id })).toMatchObject({ generation: 2 })
})

it('refuses with a sentence, a code and a request id', async () => {
  const unknown = createClient({ url: web.url, token: 'shp_abcdefghijklmnopqrstuvwxyz' })
  await expect(unknown.api.auth.me.query()).rejects.toMatchObject({
    message: expect.stringContaining('not signed in'),
    data: { code: 'UNAUTHENTICATED', requestId: expect.stringMatching(/^req_/) },
  })
})

it('hears of changes, and goes on by itself after a break', async () => {
  const heard: string[] = []
  const subscription = client.api.deployments.onChange.subscribe(
    { teamId: tenant.teamId },
    { onData: ({ data }) => heard.push(data.id) },
  )
  try {
    const first = await deployed(world, tenant)
    await vi.waitFor(() => expect(heard).toContain(first), 5_000)
    web.server.app.server.closeAllConnections()
    const second = await deployed(world, tenant)
    await vi.waitFor(() => expect(heard).toContain(second), 10_000)
  } finally {
    subscription.unsubscribe()
  }
  await vi.waitFor(() => expect(world.deps.changes.listeners).toBe(listenersAtRest()), 5_000)
}, 20_000)

/** Those that are always there: the forgetting of rows, and the hub of logs. */
const listenersAtRest = (): number => 2

it('ends a stream for good when the session has ended', async () => {
  const cookie = await web.cookieOf(tenant.userId)
  const own = createClient({ url: web.url, cookie })
  const failed = Promise.withResolvers<unknown>()
  own.api.deployments.onChange.subscribe({ teamId: tenant.teamId }, { onError: failed.resolve })
  await delay(300)
  await world.db.prisma.session.deleteMany({
    where: { userId: tenant.userId, tokenHash: world.deps.sessions.hashOf(cookie.split('=')[1] ?? '') ?? '' },
  })
  expect(await failed.promise).toMatchObject({ data: { code: 'UNAUTHENTICATED' } })
  client = createClient({ url: web.url, cookie: await web.cookieOf(tenant.userId) })
}, 15_000)

// ── logs ───────────────────────────────────────────────────────────────────────────────────────────────────

const service = ServiceName.parse('web')

function pod(name: string, restarts = 0): PodSummary {
  return {
    name: Dns1123Label.parse(name),
    uid: `uid-${name}`,
    service,
    phase: 'Running',
    isReady: true,
    isTerminating: false,
    createdAt: new Date(),
    containers: [{ name: Dns1123Label.parse('web'), isReady: true, restarts, state: 'running' }],
  }
}

async function running(...pods: PodSummary[]) {
  const id = await deployed(world, tenant)
  const key = {
    namespace: namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings),
    name: nameOf(id),
  }
  await vi.waitFor(() => expect(world.kube.watchUserDeployments().get(key)).toBeDefined())
  for (const each of pods) world.kube.putPod(key, each)
  const write = (name: string, n: number, text: string) =>
    world.kube.writeLog(
      { namespace: key.namespace, pod: Dns1123Label.parse(name), container: Dns1123Label.parse('web') },
      { timestamp: `${new Date().toISOString().slice(0, -1)}${String(n).padStart(6, '0')}Z`, text },
    )
  return { id, key, write }
}

function read(id: DeploymentId, options: Parameters<Client['logs']>[1] = {}) {
  const items: LogItem[] = []
  const run = async () => {
    for await (const item of client.logs(id, { signal: leaving.signal, ...options })) items.push(item)
  }
  const ended = run().catch((error: unknown) => error)
  const lines = (): string[] => items.flatMap((item) => (item.kind === 'line' ? [item.text] : []))
  return { items, lines, ended }
}

it('reads the past of all pods, then what they say now', async () => {
  const { id, write } = await running(pod('a'), pod('b'))
  for (let n = 0; n < 10; n++) write('a', n, `a${n}`)
  write('b', 5, 'b5')
  const log = read(id, { tail: 3 })
  await vi.waitFor(() => expect(log.lines().toSorted()).toEqual(['a7', 'a8', 'a9', 'b5']), 5_000)
  write('b', 11, 'b11')
  await vi.waitFor(() => expect(log.lines()).toContain('b11'), 5_000)
  expect(log.items[0]).toMatchObject({
    kind: 'line',
    source: { service: 'web', container: 'web', restart: 0 },
  })
})

it('loses and repeats nothing when the connection is cut again and again', async () => {
  const { id, write } = await running(pod('c'))
  const log = read(id, { tail: 0 })
  await delay(600)
  const wanted: string[] = []
  for (let n = 0; n < 40; n++) {
    write('c', n, `line ${n}`)
    wanted.push(`line ${n}`)
    if (n % 10 === 9) web.server.app.server.closeAllConnections()
    await delay(40)
  }
  await vi.waitFor(() => expect(log.lines()).toEqual(wanted), 15_000)
}, 30_000)

it('has one connection to the cluster for many who look, and none when they have gone', async () => {
  const { id, write } = await running(pod('d'))
  const follow = vi.spyOn(world.kube, 'followLog')
  const many = Array.from({ length: 10 }, () => read(id))
  write('d', 1, 'hello')
  await vi.waitFor(() => expect(many.every((log) => log.lines().includes('hello'))).toBe(true), 5_000)
  expect(follow).toHaveBeenCalledOnce()
  leaving.abort()
  await vi.waitFor(() => expect(web.server.logs?.size).toBe(0), 5_000)
  expect(follow.mock.calls[0]?.[1].signal.aborted).toBe(true)
})

it('shows a pod that comes later, and a container that was started again', async () => {
  const { id, key, write } = await running(pod('e'))
  const log = read(id)
  write('e', 1, 'first')
  await vi.waitFor(() => expect(log.lines()).toEqual(['first']), 5_000)
  world.kube.putPod(key, pod('f'))
  write('f', 2, 'second')
  await vi.waitFor(() => expect(log.lines()).toEqual(['first', 'second']), 8_000)
}, 15_000)

it('reads once what is there, of one pod', async () => {
  const { id, write } = await running(pod('g'), pod('h'))
  write('g', 1, 'of g')
  write('h', 1, 'of h')
  const log = read(id, { follow: false, pod: 'h' })
  await log.ended
  expect(log.lines()).toEqual(['of h'])
})

it('refuses the log of another tenant', async () => {
  const other = await aTenant(world.db)
  const stranger = createClient({ url: web.url, cookie: await web.cookieOf(other.userId) })
  const { id } = await running(pod('i'))
  const items = stranger.logs(id)[Symbol.asyncIterator]()
  await expect(items.next()).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
})
