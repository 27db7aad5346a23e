import { assert, beforeEach, expect, it } from 'vitest'

import { newId, type OrgId, type TeamId, type UserId } from '../../contract/ids.ts'
import { aMember, aTenant, type Tenant } from '../../testing/builders.ts'
import { aForm, deployed } from '../../testing/deploy.ts'
import { contextFor } from '../../testing/grid.ts'
import { callByPath } from '../../testing/procedure-inputs.ts'
import { useWorld, type Api } from '../../testing/world.ts'
import { appRouter } from '../../rpc/app-router.ts'
import { publicErrorOf } from '../../rpc/error-format.ts'
import { t } from '../../rpc/init.ts'
import { findCaller } from '../access/find-caller.ts'
import { createOwnKey } from './create-key.ts'

const world = useWorld()
let tenant: Tenant
let api: Api

beforeEach(async () => {
  tenant = await aTenant(world.db)
  api = await world.as(tenant.userId)
})

const withKey = (key: string): Api =>
  t.createCallerFactory(appRouter)(contextFor(world, { credentials: { kind: 'api_key', key } }))
const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error: unknown) => publicErrorOf(error, { requestId: '' }).code,
  )
const READ = ['deployments:read'] as const
const wanted = { name: 'ci', scopes: [...READ] }
const list = async (key: string, teamId = tenant.teamId): Promise<string> =>
  codeOf(withKey(key).deployments.list({ teamId }))

it('shows a key once, and keeps its prefix and a hash of it', async () => {
  const { key, view } = await api.apiKeys.own.create({ orgId: tenant.orgId, ...wanted })
  expect(key).toMatch(/^shp_[a-z2-7]{32}$/)
  expect(view).toMatchObject({
    name: 'ci',
    prefix: key.slice(0, 10),
    scopes: READ,
    team: null,
    lastUsedAt: null,
  })
  expect(await api.apiKeys.own.list({})).toEqual([view])
  expect(JSON.stringify(await world.db.prisma.apiKey.findMany())).not.toContain(key)
  expect(JSON.stringify(await world.db.prisma.auditEvent.findMany())).not.toContain(key)
  expect(await list(key)).toBe('none')
})

it('ends a key at once, for whoever may end it, and says the same of one that is not there', async () => {
  const make = async () => api.apiKeys.own.create({ orgId: tenant.orgId, ...wanted })
  const { key, view } = await make()
  const stranger = await world.as((await aTenant(world.db)).userId)
  expect(await codeOf(stranger.apiKeys.own.revoke({ keyId: view.id }))).toBe('NOT_FOUND')
  expect(await list(key)).toBe('none')
  await api.apiKeys.own.revoke({ keyId: view.id })
  expect(await list(key)).toBe('UNAUTHENTICATED')
  expect(await codeOf(api.apiKeys.own.revoke({ keyId: view.id }))).toBe('NOT_FOUND')
  expect(await api.apiKeys.own.list({})).toEqual([])
  const other = await make()
  await api.apiKeys.org.revoke({ orgId: tenant.orgId, keyId: other.view.id })
  expect(await list(other.key)).toBe('UNAUTHENTICATED')
})

it('opens nothing after its last day', async () => {
  const { key, view } = await api.apiKeys.own.create({ orgId: tenant.orgId, ...wanted, expiresInDays: 1 })
  const clock = { ...world.deps.clock, nowMs: () => Date.parse(view.expiresAt ?? '') }
  const found = findCaller({ ...world.deps, clock }, { kind: 'api_key', key })
  expect(await found).toBeUndefined()
  const before = { ...clock, nowMs: () => Date.parse(view.expiresAt ?? '') - 1 }
  expect(await findCaller({ ...world.deps, clock: before }, { kind: 'api_key', key })).toBeDefined()
})

it('notes when it was used, at most once a minute', async () => {
  const { key } = await api.apiKeys.own.create({ orgId: tenant.orgId, ...wanted })
  const start = Date.UTC(2026, 10, 23)
  const use = async (at: number): Promise<string | null | undefined> => {
    const clock = { ...world.deps.clock, nowMs: () => at }
    await findCaller({ ...world.deps, clock }, { kind: 'api_key', key })
    return (await api.apiKeys.own.list({}))[0]?.lastUsedAt
  }
  expect(await use(start)).toBe(new Date(start).toISOString())
  expect(await use(start + 59_000)).toBe(new Date(start).toISOString())
  expect(await use(start + 61_000)).toBe(new Date(start + 61_000).toISOString())
})

interface Made {
  userId: UserId
  key: string
}
async function memberWithKey(team: 'team_admin' | 'viewer', isForTeam = false): Promise<Made> {
  const userId = await aMember(world.db, tenant, { team })
  const member = await world.as(userId)
  const { orgId, teamId } = tenant
  const asked = { ...wanted, scopes: [...READ, 'deployments:write' as const] }
  const { key } = isForTeam
    ? await member.apiKeys.team.create({ teamId, ...asked })
    : await member.apiKeys.own.create({ orgId, ...asked })
  return { userId, key }
}
const leaveTeam = async ({ userId }: Made): Promise<unknown> =>
  world.db.prisma.teamMember.delete({ where: { teamId_userId: { teamId: tenant.teamId, userId } } })
const leaveOrg = async ({ userId }: Made): Promise<unknown> =>
  world.db.prisma.orgMember.delete({ where: { orgId_userId: { orgId: tenant.orgId, userId } } })
const join = async (userId: UserId, { orgId, teamId }: { orgId: OrgId; teamId: TeamId }): Promise<void> => {
  const grant = { orgId, userId }
  await world.db.prisma.orgMember.create({ data: { ...grant, role: 'org_member' } })
  await world.db.prisma.teamMember.create({ data: { ...grant, teamId, role: 'team_admin' } })
}

it('may what its creator may at the moment of use, and no more', async () => {
  const id = await deployed(world, tenant)
  const { userId, key } = await memberWithKey('viewer')
  const restart = async (): Promise<string> => codeOf(withKey(key).deployments.restart({ id }))
  expect(await restart()).toBe('FORBIDDEN')
  const where = { teamId_userId: { teamId: tenant.teamId, userId } }
  await world.db.prisma.teamMember.update({ where, data: { role: 'developer' } })
  expect(await restart()).toBe('none')
  await world.db.prisma.teamMember.update({ where, data: { role: 'viewer' } })
  expect(await restart()).toBe('FORBIDDEN')
})

it('dies with the membership of who made it, and does not come back with it', async () => {
  const made = await memberWithKey('team_admin')
  expect(await list(made.key)).toBe('none')
  await leaveOrg(made)
  expect(await list(made.key)).toBe('UNAUTHENTICATED')
  await join(made.userId, tenant)
  expect(await list(made.key)).toBe('UNAUTHENTICATED')
})

it('dies with the place in its team; one that is for all teams sees the others still', async () => {
  const ofTeam = await memberWithKey('team_admin', true)
  const own = await memberWithKey('team_admin')
  await leaveTeam(ofTeam)
  await leaveTeam(own)
  expect(await list(ofTeam.key)).toBe('UNAUTHENTICATED')
  expect(await list(own.key)).toBe('NOT_FOUND')
})

it('is listed to the team and to the organisation, whoever made it', async () => {
  const { userId } = await memberWithKey('team_admin', true)
  await memberWithKey('team_admin')
  const { orgId, teamId } = tenant
  expect(await api.apiKeys.team.list({ teamId })).toMatchObject([
    { createdBy: { id: userId }, team: { id: teamId } },
  ])
  expect(await api.apiKeys.org.list({ orgId })).toHaveLength(2)
  expect(await api.apiKeys.own.list({})).toEqual([])
})

it('writes into the audit which key it was, and for whom', async () => {
  const { key, view } = await api.apiKeys.own.create({
    ...{ orgId: tenant.orgId, name: 'ci', scopes: ['deployments:write'] },
  })
  const id = await deployed(world, tenant)
  await withKey(key).deployments.restart({ id })
  const row = await world.db.prisma.auditEvent.findFirst({
    where: { action: 'deployment:restart', targetId: id },
  })
  expect(row).toMatchObject({
    actorKind: 'api_key',
    actorId: view.id,
    actorName: 'Ada (API key ci)',
    onBehalfOfId: tenant.userId,
  })
})

it('makes what belongs to who made the key', async () => {
  const { key } = await api.apiKeys.own.create({
    ...{ orgId: tenant.orgId, name: 'ci', scopes: ['deployments:write', 'deployments:read'] },
  })
  const { id } = await withKey(key).deployments.create(await aForm(world, tenant.teamId))
  expect(await world.db.prisma.deployment.findUnique({ where: { id } })).toMatchObject({
    ownerId: tenant.userId,
  })
})

it('is made by people alone, not in what is suspended, nor in what is foreign', async () => {
  const { key } = await api.apiKeys.own.create({ orgId: tenant.orgId, ...wanted })
  const asked = { orgId: tenant.orgId, ...wanted }
  expect(await codeOf(callByPath(withKey(key), 'apiKeys.own.create', asked))).toBe('KEY_SCOPE_MISSING')
  expect(await codeOf(api.apiKeys.own.create({ ...asked, orgId: newId('org') }))).toBe('NOT_FOUND')
  const other = await aTenant(world.db)
  expect(await codeOf(api.apiKeys.own.create({ ...asked, orgId: other.orgId }))).toBe('NOT_FOUND')
  await world.db.prisma.organization.update({
    where: { id: tenant.orgId },
    data: { suspendedAt: new Date() },
  })
  expect(await codeOf((await world.as(tenant.userId)).apiKeys.own.create(asked))).toBe('ORG_SUSPENDED')
})

it('is not made for who has left the organisation since it was asked who calls', async () => {
  const userId = await aMember(world.db, tenant, { team: 'viewer' })
  const found = await (await world.contextOf(userId)).find()
  await world.db.prisma.orgMember.delete({ where: { orgId_userId: { orgId: tenant.orgId, userId } } })
  const actor = found?.actor ?? assert.fail('The member is not there.')
  const asked = { orgId: tenant.orgId, ...wanted, expiresInDays: 1 }
  expect(await codeOf(createOwnKey(world.deps, { actor, requestId: 'req_test' }, asked))).toBe('NOT_FOUND')
})

it.each([
  { name: '' },
  { name: 'x'.repeat(101) },
  { scopes: [] },
  { scopes: ['everything'] },
  { expiresInDays: 0 },
])('refuses %j with a sentence', async (bad) => {
  const asked = { orgId: tenant.orgId, ...wanted, ...bad }
  expect(await codeOf(callByPath(api, 'apiKeys.own.create', asked))).toBe('INVALID_INPUT')
})
