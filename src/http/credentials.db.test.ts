import type { FastifyRequest } from 'fastify'
import { beforeAll, expect, it } from 'vitest'

import { newId } from '../contract/ids.ts'
import { AppError } from '../errors.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { useWorld } from '../testing/world.ts'
import type { Find } from '../rpc/context.ts'
import { finderOf } from './credentials.ts'

const world = useWorld()
let tenant: Tenant
let key: string
const unknown: string[] = []

beforeAll(async () => {
  tenant = await aTenant(world.db)
  const api = await world.as(tenant.userId)
  const wanted = { name: 'ci', scopes: ['deployments:read' as const] }
  key = (await api.apiKeys.own.create({ orgId: tenant.orgId, ...wanted })).key
})

/** Who shows these, from 192.0.2.7. */
function finder(shown: { authorization?: string; session?: string }): Find {
  const { authorization, session } = shown
  const request = {
    ip: '192.0.2.7',
    headers: authorization === undefined ? {} : { authorization },
    cookies: session === undefined ? {} : { session },
  }
  unknown.length = 0
  return finderOf(request as unknown as FastifyRequest, {
    deps: world.deps,
    cookieName: 'session',
    onUnknownKey: async (address) => {
      if (unknown.push(address) > 1) throw new AppError('RATE_LIMITED', { retryAfterSeconds: 60 })
    },
  })
}

it('tells the address of who shows a key that there is not, and lets it be refused', async () => {
  const find = finder({ authorization: `Bearer shp_${'a'.repeat(32)}` })
  expect(await find()).toBeUndefined()
  expect(unknown).toEqual(['192.0.2.7'])
  await expect(find()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
})

it('tells of nobody who shows a key that there is, an old cookie, or nothing', async () => {
  expect(await finder({ authorization: `Bearer ${key}` })()).toMatchObject({ actor: { kind: 'api_key' } })
  expect(await finder({ session: 'x'.repeat(40) })()).toBeUndefined()
  expect(await finder({})()).toBeUndefined()
  expect(unknown).toEqual([])
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
