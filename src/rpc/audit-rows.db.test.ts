/** Every mutation leaves exactly one row in the audit, of the shape that it declares; none when it comes to nothing. */
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { newId } from '../contract/ids.ts'
import { ACTIONS, POLICY } from '../contract/policy.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { SECRET_VALUE } from '../testing/deploy.ts'
import type { Place } from '../testing/place.ts'
import { aPlace, callByPath, inputOf } from '../testing/procedure-inputs.ts'
import { declaredProcedures } from '../testing/procedures.ts'
import { useWorld, type Api } from '../testing/world.ts'
import { contextOf } from './context.ts'
import { appRouter } from './app-router.ts'
import { t } from './init.ts'

const world = useWorld({ isBillingEnabled: true })
let tenant: Tenant
let administrator: Tenant

beforeAll(async () => {
  tenant = await aTenant(world.db)
  administrator = await aTenant(world.db)
  const { userId: id } = administrator
  await world.db.prisma.user.update({ where: { id }, data: { platformAdmin: true } })
})

const ORIGIN = { ip: '192.0.2.7', userAgent: 'a browser' }

/** Who may do it, calling from a known place. */
async function callerOf(path: string): Promise<{ api: Api; userId: string }> {
  const can = declaredProcedures.find(([each]) => each === path)?.[1].meta.can ?? 'anyone'
  const isForPlatform = can !== 'anyone' && POLICY[can].scope === 'platform'
  const { userId } = isForPlatform ? administrator : tenant
  const { find } = await world.contextOf(userId)
  const given = { requestId: 'req_7', origin: ORIGIN, renewSession: async () => undefined }
  const context = contextOf({ deps: world.deps, ...given }, find)
  return { api: t.createCallerFactory(appRouter)(context), userId }
}

const rows = async () => world.db.prisma.auditEvent.findMany()

/** The rows that come of a call. */
async function rowsOf(call: () => Promise<unknown>) {
  const before = new Set((await rows()).map(({ id }) => id))
  await call()
  return (await rows()).filter(({ id }) => !before.has(id))
}

const Changes = z.record(z.string(), z.object({ from: z.json(), to: z.json() }))
type Meta = (typeof declaredProcedures)[number][1]['meta']

const shapeOf = ({ audit }: Meta): z.ZodType => (audit === undefined || audit === 'none' ? z.never() : audit)
/** What is one's own may be several things at once. */
const isOfOneself = ({ can }: Meta): boolean => can !== 'anyone' && POLICY[can].scope === 'self'
const hasTarget = (row: { targetId: string | null; targetName: string | null } | undefined): boolean =>
  typeof row?.targetId === 'string' && typeof row.targetName === 'string'

const mutations = declaredProcedures.filter(([, { type }]) => type === 'mutation')
const audited = mutations.filter(([, { meta }]) => meta.audit !== 'none')

it.each(audited)(
  '%s writes one row, with who, for what, from where and the shape it declares',
  async (path, { meta }) => {
    const place = await aPlace(world, tenant)
    const input = await inputOf(path, place)
    const { api, userId } = await callerOf(path)
    const [row, ...more] = await rowsOf(async () => callByPath(api, path, input))
    expect(more).toEqual([])
    expect(row).toMatchObject({
      actorKind: 'user',
      actorId: userId,
      actorName: 'Ada',
      onBehalfOfId: null,
      requestId: 'req_7',
      ip: ORIGIN.ip,
      userAgent: ORIGIN.userAgent,
    })
    expect(ACTIONS).toContain(row?.action)
    expect(hasTarget(row) || isOfOneself(meta)).toBe(true)
    expect(() => shapeOf(meta).parse(row?.detail)).not.toThrow()
    expect(() => Changes.parse(row?.changes)).not.toThrow()
    expect(JSON.stringify(row)).not.toContain(SECRET_VALUE)
  },
)

it.each(mutations.filter(([, { meta }]) => meta.audit === 'none'))(
  '%s writes none, as it says',
  async (path) => {
    const place = await aPlace(world, tenant)
    const input = await inputOf(path, place)
    const { api } = await callerOf(path)
    expect(await rowsOf(async () => callByPath(api, path, input))).toEqual([])
  },
)

describe('what a row tells', () => {
  let place: Place
  beforeAll(async () => {
    place = await aPlace(world, tenant)
  })
  const newest = async () =>
    world.db.prisma.auditEvent.findFirstOrThrow({ where: { targetId: place.id }, orderBy: { at: 'desc' } })

  it('is what stood there and what stands there now, of a secret its version alone', async () => {
    const api = await world.as(tenant.userId)
    const value = 'another-canary-value'
    await api.deployments.updateEnv({ id: place.id, service: 'web', env: [{ name: 'A', value: 'b' }] })
    expect((await newest()).changes).toMatchObject({ 'services.web.env.A': { from: null, to: 'b' } })
    await api.secrets.set({ id: place.id, values: { TOKEN: value } })
    const { changes } = await newest()
    expect(Object.keys(changes as object).join()).toMatch(/secrets\..*version/)
    expect(JSON.stringify(changes)).not.toContain(value)
  })

  it('is cut where a value is long', async () => {
    const api = await world.as(tenant.userId)
    const content = 'x'.repeat(5_000)
    await api.deployments.updateConfig({
      id: place.id,
      service: 'web',
      configFiles: [{ path: '/a', content }],
    })
    const { changes } = await newest()
    expect(JSON.stringify(changes)).toMatch(/xxx… \(\d+ characters\)/)
    expect(JSON.stringify(changes).length).toBeLessThan(2_000)
  })
})

it('writes none when nothing is changed: refused, or right already', async () => {
  const place = await aPlace(world, tenant)
  const api = await world.as(tenant.userId)
  const { id } = place
  const refused = async (): Promise<unknown> =>
    api.deployments.scale({ id, service: 'nothing-like-it', replicas: 2 }).catch(() => undefined)
  expect(await rowsOf(refused)).toEqual([])
  expect(await rowsOf(async () => api.deployments.resume({ id }))).toEqual([])
  const absent = { keyId: newId('key') }
  expect(await rowsOf(async () => api.apiKeys.own.revoke(absent).catch(() => undefined))).toEqual([])
})
