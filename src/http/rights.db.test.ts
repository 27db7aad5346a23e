/**
 * A right that is withdrawn, or a session that is ended, on one server closes the streams that live by it on another
 * one within two seconds. The net under it looks every ten, so it is the word that closes them.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { WebSocket } from 'ws'

import { newId, randomBase32, type DeploymentId, type UserId } from '../contract/ids.ts'
import { homesIn } from '../ports/sessions/home.ts'
import { connectRedis } from '../ports/sessions/redis-connection.ts'
import { redisSessions } from '../ports/sessions/redis.ts'
import { aMember, aTeam, aTenant, type Tenant } from '../testing/builders.ts'
import { deployed } from '../testing/deploy.ts'
import { aPod, putPods } from '../testing/pods.ts'
import { useWebServer } from '../testing/web-server.ts'
import { useReplica, useWorld, type WorldOptions } from '../testing/world.ts'

const prefix = `test-${randomBase32(8)}:`
const inRedis: WorldOptions = {
  openSessions: (db) => {
    const redis = connectRedis({ url: inject('stackEnv')['REDIS_URL'] ?? '', onTrouble: () => undefined })
    return redisSessions({ redis, findHome: homesIn(db), prefix })
  },
}

/** Three times what is promised: the machine may be loaded. The net comes later. */
const LIMIT_MS = 3 * 2_000
const FIRST_QUESTION_MS = 2_500

/** When the stream ends. */
async function endOf(reader: ReadableStreamDefaultReader | undefined): Promise<number> {
  while (!(await reader?.read())?.done);
  return performance.now()
}

describe.each([
  ['PostgreSQL', {}],
  ['Redis', inRedis],
] as const)('with sessions in %s', (_, options) => {
  const world = useWorld(options)
  const other = useReplica(world, options)
  const here = useWebServer(world)
  const there = useWebServer(other)
  let tenant: Tenant
  let id: DeploymentId

  beforeAll(async () => {
    for (const { workers } of [world, other]) {
      workers.loops.find(({ name }) => name === 'hear-rights')?.start()
    }
    const areHeard = () =>
      [world, other].every(({ deps }) => deps.rights.isHeard) || Promise.reject(new Error('not yet'))
    await vi.waitFor(areHeard, { timeout: 20_000 })
    await vi.waitFor(async () => world.deps.sessions.ping(), { timeout: 20_000 })
    await vi.waitFor(async () => other.deps.sessions.ping(), { timeout: 20_000 })
    tenant = await aTenant(world.db)
    id = await deployed(world, tenant)
    putPods(other, { id, tenant }, [aPod('web-1')])
  })

  interface Shown {
    cookie?: string
    headers?: Record<string, string>
  }

  /** A terminal on the other server, and when it ends. */
  async function terminal({ cookie, headers }: Shown): Promise<{ ended: Promise<number> }> {
    const socket = new WebSocket(`${there.url.replace('http', 'ws')}/api/deployments/${id}/exec`, {
      headers: cookie === undefined ? headers : { cookie, origin: there.url },
    })
    const ended = once(socket, 'close').then(() => performance.now())
    const [opened] = (await once(socket, 'message')) as [Buffer]
    expect(opened.toString('utf8')).toContain('"opened"')
    return { ended }
  }

  /** Opens every kind of stream on the other server; answers how long each lives on from when that is called. */
  async function watched(shown: Shown, isDeveloper = true): Promise<() => Promise<number[]>> {
    const input = (value: object) => encodeURIComponent(JSON.stringify(value))
    const paths = [
      `/trpc/deployments.onChange?input=${input({ teamId: tenant.teamId })}`,
      `/trpc/deployments.onChangeOf?input=${input({ id })}`,
      `/api/deployments/${id}/logs`,
    ]
    const ends = await Promise.all(
      paths.map(async (path) => {
        const response = await there.fetch(path, { ...shown, signal: AbortSignal.timeout(25_000) })
        expect(response.status).toBe(200)
        const reader = response.body?.getReader()
        // Something was told, so the stream is open in earnest.
        await reader?.read()
        // In an object, or it would be waited for.
        return { ended: endOf(reader) }
      }),
    )
    if (isDeveloper) ends.push(await terminal(shown))
    return async () => {
      const from = performance.now()
      return (await Promise.all(ends.map(async ({ ended }) => ended))).map((at) => at - from)
    }
  }

  const developer = async (): Promise<UserId> => aMember(world.db, tenant, { team: 'developer' })

  /** How long the last of all streams lives on when that is withdrawn, in milliseconds. */
  async function lifeAfter(shown: Shown, withdraw: () => Promise<unknown>): Promise<number> {
    const lives = await watched(shown)
    // Each stream asks once, soon after it was opened: that is not what is to close it.
    await delay(FIRST_QUESTION_MS)
    await withdraw()
    return Math.max(...(await lives()))
  }

  it.concurrent('closes them when the session signs out', async () => {
    const cookie = await here.cookieOf(await developer())
    const lifeMs = await lifeAfter({ cookie }, async () => here.fetch('/logout', { method: 'POST', cookie }))
    expect(lifeMs).toBeLessThan(LIMIT_MS)
  })

  it.concurrent('closes them when all sessions of the user are ended', async () => {
    const userId = await developer()
    const lifeMs = await lifeAfter({ cookie: await here.cookieOf(userId) }, async () =>
      world.deps.sessions.invalidateAll(userId),
    )
    expect(lifeMs).toBeLessThan(LIMIT_MS)
  })

  it.concurrent('closes them when the user leaves the team', async () => {
    const userId = await developer()
    const lifeMs = await lifeAfter({ cookie: await here.cookieOf(userId) }, async () =>
      world.db.prisma.teamMember.deleteMany({ where: { userId } }),
    )
    expect(lifeMs).toBeLessThan(LIMIT_MS)
  })

  it.concurrent('closes them when the user leaves the organisation', async () => {
    const userId = await developer()
    const lifeMs = await lifeAfter({ cookie: await here.cookieOf(userId) }, async () =>
      world.db.prisma.orgMember.deleteMany({ where: { userId } }),
    )
    expect(lifeMs).toBeLessThan(LIMIT_MS)
  })

  it.concurrent('closes them when an administrator becomes a member', async () => {
    const userId = await aMember(world.db, tenant, { org: 'org_admin' })
    const lifeMs = await lifeAfter({ cookie: await here.cookieOf(userId) }, async () =>
      world.db.prisma.orgMember.updateMany({ where: { userId }, data: { role: 'org_member' } }),
    )
    expect(lifeMs).toBeLessThan(LIMIT_MS)
  })

  it.concurrent.each([
    ['revoked', { revokedAt: new Date(0) }],
    ['narrowed', { scopes: [] }],
    ['ended before its time', { expiresAt: new Date(0) }],
  ])('closes those of an API key that is %s', async (__, data) => {
    const key = `shp_${randomBase32(32)}`
    const row = { id: newId('key'), name: 'k', prefix: key.slice(0, 8), orgId: tenant.orgId }
    const keyHash = createHash('sha256').update(key).digest('hex')
    const scopes = ['deployments:read', 'exec:write']
    await world.db.prisma.apiKey.create({ data: { ...row, keyHash, scopes, createdById: tenant.userId } })
    const lifeMs = await lifeAfter({ headers: { authorization: `Bearer ${key}` } }, async () =>
      world.db.prisma.apiKey.update({ where: { id: row.id }, data }),
    )
    expect(lifeMs).toBeLessThan(LIMIT_MS)
  })

  it('leaves open what the change does not concern', async () => {
    const [reader, leaver] = [await developer(), await developer()]
    // An organisation that is suspended opens no terminals.
    const lives = await watched({ cookie: await here.cookieOf(reader) }, false)
    const { ended } = await terminal({ cookie: await here.cookieOf(reader) })
    await world.db.prisma.teamMember.deleteMany({ where: { userId: leaver } })
    await world.db.prisma.teamMember.updateMany({ where: { userId: reader }, data: { role: 'team_admin' } })
    expect(await Promise.race([ended, delay(1_000, 'open')])).toBe('open')
    await world.db.prisma.organization.update({
      where: { id: tenant.orgId },
      data: { suspendedAt: new Date() },
    })
    const outcome = await Promise.race([
      lives(),
      new Promise((resolve) => setTimeout(resolve, 1_500, 'open')),
    ])
    expect(outcome).toBe('open')
    await world.db.prisma.organization.update({ where: { id: tenant.orgId }, data: { suspendedAt: null } })
    await world.deps.sessions.invalidateAll(reader)
    await lives()
  })

  it('closes a terminal, and no stream, when its user becomes a viewer', async () => {
    const userId = await developer()
    const cookie = await here.cookieOf(userId)
    const lives = await watched({ cookie }, false)
    const { ended } = await terminal({ cookie })
    await delay(FIRST_QUESTION_MS)
    const from = performance.now()
    await world.db.prisma.teamMember.updateMany({ where: { userId }, data: { role: 'viewer' } })
    expect((await ended) - from).toBeLessThan(LIMIT_MS)
    expect(await Promise.race([lives(), delay(500, 'open')])).toBe('open')
    await world.deps.sessions.invalidateAll(userId)
    await lives()
  })

  it('closes them when the team of the deployment becomes another one', async () => {
    const userId = await developer()
    const moved = await deployed(world, tenant)
    const cookie = await here.cookieOf(userId)
    const response = await there.fetch(`/api/deployments/${moved}/logs`, {
      cookie,
      signal: AbortSignal.timeout(25_000),
    })
    await delay(FIRST_QUESTION_MS)
    const from = performance.now()
    await world.db.prisma.deployment.update({
      where: { id: moved },
      data: { teamId: await aTeam(world.db, tenant.orgId) },
    })
    await response.text()
    expect(performance.now() - from).toBeLessThan(LIMIT_MS)
  })

  it('knows on one server whom the other one signed in, and signed out', async () => {
    const cookie = await here.cookieOf(tenant.userId)
    expect((await there.fetch('/trpc/auth.me', { cookie })).status).toBe(200)
    await here.fetch('/logout', { method: 'POST', cookie })
    expect((await there.fetch('/trpc/auth.me', { cookie })).status).toBe(401)
  })
})
