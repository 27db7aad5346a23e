/**
 * A good input of every procedure, of the kind that does the most: a new procedure gets its line here, and with it the
 * tests of statements, of audit rows and of foreign ids.
 */
import { newId, randomBase32 } from '../contract/ids.ts'
import { createOwnKey, createTeamKey } from '../modules/api-keys/create-key.ts'
import type { Actor, Caller } from '../modules/access/actor.ts'
import { aTemplate, aTenant, type Tenant } from './builders.ts'
import { BILLING_INPUTS } from './billing-inputs.ts'
import { aForm, deployed } from './deploy.ts'
import { PEOPLE_INPUTS } from './people-inputs.ts'
import type { Input, Place } from './place.ts'
import { declaredProcedures } from './procedures.ts'
import type { Api, World } from './world.ts'

export async function aPlace(world: World, tenant: Tenant): Promise<Place> {
  const id = await deployed(world, tenant)
  const { spec } = await world.db.prisma.templateVersion.findFirstOrThrow({
    where: { template: { scope: 'system', name: 'hello-stack' } },
  })
  const { templateId } = await aTemplate(world.db, { spec: spec as object })
  const { orgId } = tenant
  await world.db.prisma.template.update({ where: { id: templateId }, data: { scope: 'org', orgId } })
  const caller = await callerOf(world, tenant)
  const wanted = { name: 'ci', scopes: ['deployments:read' as const], expiresInDays: 1 }
  const own = await createOwnKey(world.deps, caller, { ...wanted, orgId })
  const ofTeam = await createTeamKey(world.deps, caller, { ...wanted, teamId: tenant.teamId })
  const { id: auditId } = await world.db.prisma.auditEvent.findFirstOrThrow({
    where: { orgId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  })
  const keys = { ownKeyId: own.view.id, teamKeyId: ofTeam.view.id }
  return { ...tenant, ...keys, world, id, ownTemplateId: templateId, auditId }
}

async function callerOf(world: World, { userId, teamId }: Tenant): Promise<Caller> {
  const found = await (await world.contextOf(userId)).find(teamId)
  if (!found?.scope) throw new Error('The tenant of a test is not there.')
  return { actor: found.actor satisfies Actor, scope: found.scope, requestId: 'req_test' }
}

const env = [{ name: 'A', value: 'b' }]
const image = 'registry.localhost/shipyard/hello:1'
const key = { name: 'ci', scopes: ['deployments:read', 'secrets:write'], expiresInDays: 30 }
const AT = '2026-01-31T12:00:00Z'

const nothing: Input = () => undefined
const deployment: Input = ({ id }) => ({ id })
const team: Input = ({ teamId }) => ({ teamId })
const form: Input = async ({ world, teamId, ownTemplateId: templateId }) =>
  aForm(world, teamId, { templateId })

/** Mutations find their deployment as `aPlace` makes it. */
export const INPUTS: Readonly<Record<string, Input>> = {
  'auth.me': nothing,
  'orgs.list': nothing,
  'orgs.get': ({ orgId }) => ({ orgId }),
  'teams.list': ({ orgId }) => ({ orgId }),
  'teams.current': nothing,
  'teams.setCurrent': team,
  'templates.list': team,
  'templates.get': ({ teamId, ownTemplateId }) => ({ teamId, templateId: ownTemplateId }),
  'deployments.create': form,
  'deployments.plan': form,
  'deployments.planUpdate': ({ id }) => ({ id, service: 'web', env }),
  'deployments.list': ({ teamId, userId }) => ({
    teamId,
    search: 'my',
    phases: ['Pending'],
    ownerId: userId,
    limit: 1,
  }),
  'deployments.get': deployment,
  'deployments.lastLines': deployment,
  'deployments.activity': deployment,
  'deployments.updateEnv': ({ id }) => ({ id, service: 'web', env }),
  'deployments.deployImage': ({ id }) => ({ id, service: 'web', image }),
  'deployments.scale': ({ id }) => ({ id, service: 'web', replicas: 2 }),
  'deployments.updateConfig': ({ id }) => ({
    id,
    service: 'web',
    configFiles: [{ path: '/etc/a', content: 'a' }],
  }),
  'deployments.setRollbackOnFailure': ({ id }) => ({ id, rollbackOnFailure: true }),
  'deployments.updateIngress': ({ id }) => ({ id, ingress: { redirectToHttps: true } }),
  'deployments.revisions.list': deployment,
  'deployments.revisions.diff': ({ id }) => ({ id, from: 1, to: 1 }),
  'deployments.rollback': ({ id }) => ({ id, revision: 1 }),
  'deployments.suspend': deployment,
  'deployments.resume': async ({ id, world, userId }) => {
    await (await world.as(userId)).deployments.suspend({ id })
    return { id }
  },
  'deployments.restart': deployment,
  'deployments.delete': deployment,
  'deployments.onChange': team,
  'deployments.onChangeOf': deployment,
  'exec.pods': deployment,
  'follows.list': deployment,
  'follows.set': ({ id }) => ({ id, service: 'web', isFollowed: true }),
  'garbage.report': () => ({}),
  'garbage.repair': ({ id }) => ({ target: { of: 'deployment', id } }),
  'stripeInbox.list': () => ({ which: 'waiting' }),
  'stripeInbox.replay': async ({ world }) => ({ eventId: await anEvent(world) }),
  'sessions.list': nothing,
  'sessions.revoke': async ({ world, userId }) => {
    const { session } = await world.deps.sessions.create({ userId })
    return { sessionId: session.id }
  },
  'sessions.revokeOthers': nothing,
  'sessions.revokeOf': async ({ world }) => ({ email: (await aTenant(world.db)).email }),
  'secrets.list': deployment,
  'secrets.set': ({ id }) => ({ id, values: { TOKEN: 'new', OTHER: 'x' } }),
  'secrets.delete': ({ id }) => ({ id, keys: ['TOKEN'] }),
  'apiKeys.own.list': () => ({}),
  'apiKeys.own.create': ({ orgId }) => ({ orgId, ...key }),
  'apiKeys.own.revoke': ({ ownKeyId }) => ({ keyId: ownKeyId }),
  'apiKeys.team.list': team,
  'apiKeys.team.create': ({ teamId }) => ({ teamId, ...key }),
  'apiKeys.team.revoke': ({ teamId, teamKeyId }) => ({ teamId, keyId: teamKeyId }),
  'apiKeys.org.list': ({ orgId }) => ({ orgId }),
  'apiKeys.org.revoke': ({ orgId, ownKeyId }) => ({ orgId, keyId: ownKeyId }),
  ...PEOPLE_INPUTS,
  ...BILLING_INPUTS,
  'audit.list': ({ orgId, userId, id }) => ({
    orgId,
    actorId: userId,
    targetId: id,
    action: 'deployment:create',
    from: AT,
    to: '2100-01-31T12:00:00Z',
  }),
  'comparison.last': () => ({}),
  'comparison.run': () => ({}),
  'comparison.repair': ({ orgId }) => ({ repair: { how: 'push', orgId } }),
  'usage.read': ({ orgId }) => ({ orgId, month: '2026-01' }),
  'usage.budget': ({ orgId }) => ({ orgId }),
  'usage.credits': ({ orgId }) => ({ orgId }),
  'usage.grantCredit': ({ orgId }) => ({ orgId, id: newId('crd'), amountCents: 5000, reason: 'Welcome' }),
  'usage.setBudget': ({ orgId }) => ({ orgId, amountCents: 5000, stops: true }),
  'audit.get': ({ orgId, auditId }) => ({ orgId, auditId }),
}

/** One of Stripe's, that came and was worked on. */
async function anEvent({ db, deps }: Pick<World, 'db' | 'deps'>): Promise<string> {
  const id = `evt_${randomBase32(16)}`
  const done = { processedAt: new Date(deps.clock.nowMs()), outcome: 'no_customer' }
  await db.prisma.stripeEvent.create({
    data: {
      id,
      type: 'invoice.paid',
      livemode: false,
      payload: {},
      createdAt: new Date(deps.clock.nowMs()),
      ...done,
    },
  })
  return id
}

/** Ids that the caller makes up: nothing is there yet. */
export const NEW_IDS: readonly string[] = ['deployments.create id', 'deployments.plan id']

/** The input of a procedure. @throws when INPUTS has no line for it */
export async function inputOf(path: string, place: Place): Promise<object | undefined> {
  const input = INPUTS[path]
  if (!input) throw new Error(`INPUTS of src/testing/procedure-inputs.ts has no line for ${path}.`)
  return input(place)
}

/** Calls a procedure by its path; of a stream it takes the first item, then leaves. */
export async function callByPath(api: Api, path: string, input: unknown): Promise<unknown> {
  const found = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], api)
  const answer = await (found as (input: unknown) => Promise<unknown>)(input)
  const type = declaredProcedures.find(([each]) => each === path)?.[1].type
  if (type !== 'subscription') return answer
  for await (const item of answer as AsyncIterable<unknown>) return item
  return undefined
}
