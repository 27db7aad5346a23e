import type { FastifyRequest } from 'fastify'
import { beforeAll, expect, it } from 'vitest'

import { newId } from '../contract/ids.ts'
import { findCaller } from '../modules/access/find-caller.ts'
import { createSessions } from '../ports/sessions/lucia.ts'
import { memorySessions } from '../ports/sessions/memory.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { useWorld } from '../testing/world.ts'
import type { Find } from '../rpc/context.ts'
import { finderOf } from './credentials.ts'

const world = useWorld()
let tenant: Tenant
let key: string

beforeAll(async () => {
  tenant = await aTenant(world.db)
  const api = await world.as(tenant.userId)
  const wanted = { name: 'ci', scopes: ['deployments:read' as const] }
  key = (await api.apiKeys.own.create({ orgId: tenant.orgId, ...wanted })).key
})

/** Who shows these, from an address. */
function finder(shown: { authorization?: string; session?: string }, ip = '192.0.2.1'): Find {
  const { authorization, session } = shown
  const request = {
    ip,
    headers: authorization === undefined ? {} : { authorization },
    cookies: session === undefined ? {} : { session },
  }
  return finderOf(request as unknown as FastifyRequest, {
    deps: world.deps,
    cookieName: 'session',
  })
}

it('refuses an address that shows many keys that there are none of, and no other', async () => {
  const find = finder({ authorization: `Bearer shp_${'a'.repeat(32)}` }, '192.0.2.7')
  for (let tries = 0; tries < 30; tries++) expect(await find()).toBeUndefined()
  await expect(find()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  expect(await finder({ authorization: `Bearer shp_${'b'.repeat(32)}` }, '192.0.2.8')()).toBeUndefined()
})

it('counts neither good keys nor old cookies', async () => {
  const shown = [{ authorization: `Bearer ${key}` }, { session: 'x'.repeat(40) }, {}]
  const before = await world.db.prisma.rateLimit.count()
  for (let tries = 0; tries < 40; tries++) {
    await finder(shown[tries % 3] ?? {}, '192.0.2.9')()
  }
  expect(await world.db.prisma.rateLimit.count()).toBe(before)
})

it('says of a key that was good that it no longer is, however many were shown from its address', async () => {
  const api = await world.as(tenant.userId)
  const wanted = { name: 'streams', scopes: ['deployments:read' as const] }
  const made = await api.apiKeys.own.create({ orgId: tenant.orgId, ...wanted })
  const streams = Array.from({ length: 40 }, () =>
    finder({ authorization: `Bearer ${made.key}` }, '192.0.2.10'),
  )
  for (const find of streams) expect(await find()).toMatchObject({ actor: { kind: 'api_key' } })
  await api.apiKeys.own.revoke({ keyId: made.view.id })
  for (const find of streams) expect(await find()).toBeUndefined()
})

it('takes a key that is shown before any cookie, and what is no key for nobody', async () => {
  const session = await world.signIn(tenant.userId)
  expect(await finder({ session })()).toMatchObject({ actor: { kind: 'user' } })
  expect(await finder({ session, authorization: `Bearer ${key}` })()).toMatchObject({
    actor: { kind: 'api_key' },
  })
  for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer short', `bearer ${key}`, `Bearer ${key} x`]) {
    expect(await finder({ session, authorization })()).toBeUndefined()
  }
})

it('finds no place where nothing has the id', async () => {
  const session = await world.signIn(tenant.userId)
  const find = finder({ session })
  expect((await find(newId('team')))?.scope).toBeUndefined()
  expect((await find(tenant.teamId))?.scope).toMatchObject({ teamId: tenant.teamId })
  expect((await finder({ authorization: `Bearer ${key}` })(newId('team')))?.scope).toBeUndefined()
})

it('knows a session after it got another token, for who has shown the old one before, until it ends', async () => {
  const token = await world.signIn(tenant.userId)
  const stream = finder({ session: token })
  const id = (await stream())?.actor.session?.id
  if (!id) throw new Error('Nobody was found.')
  await world.deps.sessions.renew(id)
  expect(await finder({ session: token })()).toBeUndefined()
  expect(await stream()).toMatchObject({ actor: { userId: tenant.userId, session: { id } } })
  await world.deps.sessions.invalidate(tenant.userId, id)
  expect(await stream()).toBeUndefined()
})

it('finds nobody by a session, kept outside of the database, whose user is gone', async () => {
  const { db, clock } = world.deps
  const sessions = createSessions({ storage: memorySessions(), clock })
  const find = async (userId: Tenant['userId']) => {
    const { token } = await sessions.create({ userId })
    return findCaller({ db, clock, sessions }, { kind: 'session', token })
  }
  expect(await find(tenant.userId)).toMatchObject({ actor: { userId: tenant.userId } })
  expect(await find(newId('usr'))).toBeUndefined()
})
