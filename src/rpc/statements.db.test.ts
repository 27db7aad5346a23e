/** No procedure sends more than three statements, the one that finds the caller included. */
import { beforeAll, expect, it } from 'vitest'

import { newId } from '../contract/ids.ts'
import type { CreateDeploymentInput } from '../modules/deployments/schema.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { aForm, deployed } from '../testing/deploy.ts'
import { declaredProcedures } from '../testing/procedures.ts'
import { useWorld, type Api } from '../testing/world.ts'

const world = useWorld()
let tenant: Tenant
let api: Api
let form: CreateDeploymentInput
let administrator: Api

beforeAll(async () => {
  tenant = await aTenant(world.db)
  form = await aForm(world, tenant.teamId)
  const { userId } = await aTenant(world.db)
  await world.db.prisma.user.update({ where: { id: userId }, data: { platformAdmin: true } })
  administrator = await world.as(userId)
})

/** Takes the first item of a stream, then leaves. */
async function first(stream: Promise<AsyncIterable<unknown>>): Promise<unknown> {
  for await (const item of await stream) return item
  return undefined
}

type Call = (fresh: { id: Awaited<ReturnType<typeof deployed>> }) => Promise<unknown>

const env = [{ name: 'A', value: 'b' }]

/** Each with an input that does the most. */
const CALLS: Record<string, Call> = {
  'auth.me': async () => api.auth.me(),
  'orgs.list': async () => api.orgs.list(),
  'orgs.get': async () => api.orgs.get({ orgId: tenant.orgId }),
  'teams.list': async () => api.teams.list({ orgId: tenant.orgId }),
  'teams.current': async () => api.teams.current(),
  'teams.setCurrent': async () => api.teams.setCurrent({ teamId: tenant.teamId }),
  'templates.list': async () => api.templates.list({ teamId: tenant.teamId }),
  'templates.get': async () => api.templates.get({ teamId: tenant.teamId, templateId: form.templateId }),
  'deployments.create': async () => api.deployments.create({ ...form, id: newId('dep') }),
  'deployments.plan': async () => api.deployments.plan({ ...form, id: newId('dep') }),
  'deployments.planUpdate': async ({ id }) => api.deployments.planUpdate({ id, service: 'web', env }),
  'deployments.list': async () =>
    api.deployments.list({ teamId: tenant.teamId, search: 'my', phases: ['Pending'], limit: 1 }),
  'deployments.get': async ({ id }) => api.deployments.get({ id }),
  'deployments.lastLines': async ({ id }) => api.deployments.lastLines({ id }),
  'deployments.activity': async ({ id }) => api.deployments.activity({ id }),
  'deployments.updateEnv': async ({ id }) => api.deployments.updateEnv({ id, service: 'web', env }),
  'deployments.deployImage': async ({ id }) =>
    api.deployments.deployImage({ id, service: 'web', image: 'registry.localhost/shipyard/hello:1' }),
  'deployments.scale': async ({ id }) => api.deployments.scale({ id, service: 'web', replicas: 2 }),
  'deployments.updateConfig': async ({ id }) =>
    api.deployments.updateConfig({ id, service: 'web', configFiles: [{ path: '/etc/a', content: 'a' }] }),
  'deployments.setRollbackOnFailure': async ({ id }) =>
    api.deployments.setRollbackOnFailure({ id, rollbackOnFailure: true }),
  'deployments.updateIngress': async ({ id }) =>
    api.deployments.updateIngress({ id, ingress: { redirectToHttps: true } }),
  'deployments.revisions.list': async ({ id }) => api.deployments.revisions.list({ id }),
  'deployments.revisions.diff': async ({ id }) => api.deployments.revisions.diff({ id, from: 1, to: 1 }),
  'deployments.rollback': async ({ id }) => api.deployments.rollback({ id, revision: 1 }),
  'deployments.suspend': async ({ id }) => api.deployments.suspend({ id }),
  'deployments.resume': async ({ id }) => api.deployments.resume({ id }),
  'deployments.restart': async ({ id }) => api.deployments.restart({ id }),
  'deployments.delete': async ({ id }) => api.deployments.delete({ id }),
  'deployments.onChange': async () => first(api.deployments.onChange({ teamId: tenant.teamId })),
  'deployments.onChangeOf': async ({ id }) => first(api.deployments.onChangeOf({ id })),
  'follows.list': async ({ id }) => api.follows.list({ id }),
  'follows.set': async ({ id }) => api.follows.set({ id, service: 'web', isFollowed: true }),
  'garbage.report': async () => administrator.garbage.report({}),
  'garbage.repair': async ({ id }) => administrator.garbage.repair({ target: { of: 'deployment', id } }),
  'secrets.list': async ({ id }) => api.secrets.list({ id }),
  'secrets.set': async ({ id }) => api.secrets.set({ id, values: { TOKEN: 'new', OTHER: 'x' } }),
  'secrets.delete': async ({ id }) => api.secrets.delete({ id, keys: ['TOKEN'] }),
}

it('knows a call of every procedure', () => {
  expect(Object.keys(CALLS).toSorted()).toEqual(declaredProcedures.map(([path]) => path).toSorted())
})

it.each(Object.entries(CALLS))('%s', async (_, call) => {
  const id = await deployed(world, tenant)
  api = await world.as(tenant.userId)
  const sent = await world.statementsOf(async () => call({ id }))
  expect(sent.length, sent.join('\n')).toBeLessThanOrEqual(3)
  expect(sent.filter((text) => /^\s*(BEGIN|COMMIT)/i.test(text))).toEqual([])
})
