/** My sessions, by the procedures and over HTTP, with sessions in the database and outside of it. */
import { beforeEach, describe, expect, it } from 'vitest'

import { newId, type SessionId } from '../../contract/ids.ts'
import { homesIn } from '../../ports/sessions/home.ts'
import { memorySessions } from '../../ports/sessions/memory.ts'
import { aTenant, type Tenant } from '../../testing/builders.ts'
import { useWebServer } from '../../testing/web-server.ts'
import { useWorld, type WorldOptions } from '../../testing/world.ts'
import type { MySession } from './schema.ts'

const outside: WorldOptions = { openSessions: (db) => memorySessions(homesIn(db)) }

describe.each([
  ['in the database', {}],
  ['outside of it', outside],
] as const)('sessions %s', (_, options) => {
  const world = useWorld(options)
  const web = useWebServer(world)
  let tenant: Tenant
  beforeEach(async () => {
    tenant = await aTenant(world.db)
  })

  const signedIn = async (userId = tenant.userId): Promise<string> => web.cookieOf(userId)
  const call = async (cookie: string, path: string, input?: object): Promise<Response> =>
    web.fetch(`/trpc/sessions.${path}`, {
      cookie,
      ...(path === 'list'
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            ...(input ? { body: JSON.stringify(input) } : {}),
          }),
    })
  const listOf = async (cookie: string): Promise<MySession[]> =>
    ((await (await call(cookie, 'list')).json()) as { result: { data: MySession[] } }).result.data
  const idOf = async (cookie: string): Promise<SessionId> => {
    const own = (await listOf(cookie)).find(({ isThis }) => isThis)
    if (!own) throw new Error('This cookie is of no session.')
    return own.id
  }
  const isSignedIn = async (cookie: string): Promise<boolean> =>
    (await web.fetch('/trpc/auth.me', { cookie })).status === 200
  const audited = async () =>
    world.db.prisma.auditEvent.findMany({ where: { action: 'session:revoke', actorId: tenant.userId } })

  it('are listed with device and place, and which of them asks', async () => {
    await world.deps.sessions.create({
      userId: tenant.userId,
      ipAddress: '192.0.2.7',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
    })
    const [mine, ...others] = await listOf(await signedIn()).then((list) =>
      list.toSorted((a, b) => Number(b.isThis) - Number(a.isThis)),
    )
    expect(mine).toMatchObject({ isThis: true, device: 'Unknown browser', place: null })
    expect(others).toMatchObject([{ isThis: false, device: 'Firefox on Linux', place: '192.0.2.7' }])
  })

  it('show nothing that could be presented', async () => {
    const cookie = await signedIn()
    const text = await (await call(cookie, 'list')).text()
    const token = cookie.split('=')[1] ?? ''
    expect(text).not.toContain(token)
    expect(text).not.toContain(world.deps.sessions.hashOf(token))
  })

  it('end when they are revoked, with one line in the audit', async () => {
    const [mine, other] = [await signedIn(), await signedIn()]
    const sessionId = await idOf(other)
    expect((await call(mine, 'revoke', { sessionId })).status).toBe(200)
    expect([await isSignedIn(mine), await isSignedIn(other)]).toEqual([true, false])
    expect(await audited()).toMatchObject([{ targetId: sessionId, detail: { ended: 1 }, actorKind: 'user' }])
    expect((await call(mine, 'revoke', { sessionId })).status).toBe(404)
    expect(await audited()).toHaveLength(1)
  })

  it('get another token when their own user changes rights', async () => {
    const cookie = await signedIn()
    const id = await idOf(cookie)
    const answer = await web.fetch('/trpc/orgs.create', {
      cookie,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Another' }),
    })
    expect(answer.status).toBe(200)
    const renewed = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(await isSignedIn(cookie)).toBe(false)
    expect(await idOf(renewed)).toBe(id)
  })

  it('of others are not there', async () => {
    const stranger = await aTenant(world.db)
    const [mine, theirs] = [await signedIn(), await signedIn(stranger.userId)]
    const answer = await call(mine, 'revoke', { sessionId: await idOf(theirs) })
    expect(answer.status).toBe(404)
    expect(await isSignedIn(theirs)).toBe(true)
    expect(await audited()).toEqual([])
  })

  it('end all but this one, which gets another token', async () => {
    const [mine, second, third] = [await signedIn(), await signedIn(), await signedIn()]
    const answer = await call(mine, 'revokeOthers')
    expect(await answer.json()).toMatchObject({ result: { data: { ended: 2 } } })
    const [set = ''] = answer.headers.getSetCookie()
    expect(set).toMatch(/^session=[a-z2-7]{40};.*HttpOnly; SameSite=Lax/)
    const renewed = set.split(';')[0] ?? ''
    const still = await Promise.all([mine, second, third, renewed].map(isSignedIn))
    expect(still).toEqual([false, false, false, true])
    expect(await audited()).toMatchObject([{ targetId: tenant.userId, detail: { ended: 2 } }])
  })

  it('end everywhere when who runs the installation says so, and nobody else', async () => {
    const administrator = await aTenant(world.db)
    await world.db.prisma.user.update({ where: { id: administrator.userId }, data: { platformAdmin: true } })
    const [one, two, root] = [await signedIn(), await signedIn(), await signedIn(administrator.userId)]
    const input = { email: tenant.email.toUpperCase() }
    expect((await call(one, 'revokeOf', input)).status).toBe(404)
    expect(await isSignedIn(two)).toBe(true)
    const answer = await call(root, 'revokeOf', input)
    expect(await answer.json()).toMatchObject({ result: { data: { ended: 2 } } })
    expect([await isSignedIn(one), await isSignedIn(two), await isSignedIn(root)]).toEqual([
      false,
      false,
      true,
    ])
    const rows = await world.db.prisma.auditEvent.findMany({ where: { action: 'session:revoke-any' } })
    expect(rows).toMatchObject([
      { actorId: administrator.userId, targetId: tenant.userId, detail: { ended: 2 } },
    ])
    expect((await call(root, 'revokeOf', { email: 'nobody@example.com' })).status).toBe(404)
  })

  it('end with the account', async () => {
    const userId = newId('usr')
    await world.db.prisma.user.create({ data: { id: userId, email: `${userId}@example.com`, name: 'Gone' } })
    const cookie = await signedIn(userId)
    expect(await isSignedIn(cookie)).toBe(true)
    await world.db.prisma.user.delete({ where: { id: userId } })
    expect(await isSignedIn(cookie)).toBe(false)
  })

  it('keep their streams when they get another token, and lose them when they end', async () => {
    const cookie = await signedIn()
    const input = encodeURIComponent(JSON.stringify({ teamId: tenant.teamId }))
    const stream = await web.fetch(`/trpc/deployments.onChange?input=${input}`, {
      cookie,
      signal: AbortSignal.timeout(20_000),
    })
    const told = stream.text()
    const answer = await call(cookie, 'revokeOthers')
    const renewed = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    // What is asked now is asked with the token that is no longer good.
    world.deps.rights.tell(tenant.userId)
    const first = await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 500, 'open'))])
    expect(first).toBe('open')
    await web.fetch('/logout', { method: 'POST', cookie: renewed })
    world.deps.rights.tell(tenant.userId)
    expect(await told).toContain('UNAUTHENTICATED')
  })
})
