import { createHash } from 'node:crypto'
import { beforeEach, expect, it } from 'vitest'

import { newId, type UserId } from '../../src/contract/ids.ts'
import { aDeployment, aMember, aSession, aTeam, aTenant, type Tenant } from '../../src/testing/builders.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { findActor } from './find-actor.generated.ts'
import { findApiKeyActor } from './find-api-key-actor.generated.ts'
import { finishDeleteDeployment } from './finish-delete-deployment.generated.ts'

const test = useTestDb()
const now = new Date(Date.UTC(2026, 0, 1, 0, 30))
let tenant: Tenant

beforeEach(async () => {
  tenant = await aTenant(test.db)
})

it('finds session, user, all grants and the scope in one statement', async () => {
  const other = await aTenant(test.db)
  await test.db.prisma.orgMember.create({
    data: { orgId: other.orgId, userId: tenant.userId, role: 'org_member' },
  })
  await test.db.prisma.teamMember.create({
    data: { orgId: other.orgId, teamId: other.teamId, userId: tenant.userId, role: 'viewer' },
  })
  const { sessionId, tokenHash } = await aSession(test.db, tenant.userId)
  const sent = await test.statementsOf(async () => {
    expect(await test.db.one(findActor, { tokenHash, now, scopeId: other.teamId })).toMatchObject({
      sessionId,
      platformAdmin: false,
      currentTeamId: tenant.teamId,
      person: {
        userId: tenant.userId,
        email: tenant.email,
        orgs: [
          { orgId: tenant.orgId, role: 'org_owner', planId: 'enterprise', suspended: false },
          { orgId: other.orgId, role: 'org_member' },
        ],
        teams: [
          { teamId: tenant.teamId, orgId: tenant.orgId, role: 'team_admin' },
          { teamId: other.teamId, orgId: other.orgId, role: 'viewer' },
        ],
      },
      scope: { orgId: other.orgId, teamId: other.teamId, isSuspended: false, isFrozen: false },
    })
  })
  expect(sent).toHaveLength(1)
})

it('resolves the scope of a deployment until it is removed, and of an organisation', async () => {
  const { tokenHash } = await aSession(test.db, tenant.userId)
  const scopeOf = async (scopeId: string | null): Promise<unknown> => {
    const { scope } = await test.db.one(findActor, { tokenHash, now, scopeId })
    return scope && [scope.orgId, scope.teamId]
  }
  const made = await aDeployment(test.db, tenant)
  const { deploymentId } = made
  expect(await scopeOf(deploymentId)).toEqual([tenant.orgId, tenant.teamId])
  expect(await scopeOf(tenant.orgId)).toEqual([tenant.orgId, null])
  expect(await scopeOf(newId('team'))).toBeNull()
  expect(await scopeOf(null)).toBeNull()
  await made.deleted()
  await test.db.one(finishDeleteDeployment, { deploymentId, auditId: newId('aud'), activityId: newId('act') })
  expect(await scopeOf(deploymentId)).toBeNull()
})

it.each([
  [{ suspendedAt: now }, { isSuspended: true, isFrozen: false }],
  [{ billingStage: 'suspended' }, { isSuspended: true, isFrozen: false }],
  [{ billingStage: 'frozen' }, { isSuspended: false, isFrozen: true }],
  [{ billingStage: 'banner' }, { isSuspended: false, isFrozen: false }],
])('says of an organisation with %j: %j', async (data, scope) => {
  const { tokenHash } = await aSession(test.db, tenant.userId)
  const keyHash = await aKey(tenant.userId, tenant.teamId)
  await test.db.prisma.organization.update({ where: { id: tenant.orgId }, data })
  const person = { orgs: [{ suspended: scope.isSuspended, frozen: scope.isFrozen }] }
  const scopeId = tenant.teamId
  expect(await test.db.one(findActor, { tokenHash, now, scopeId })).toMatchObject({ scope, person })
  expect(await test.db.one(findApiKeyActor, { keyHash, now, scopeId })).toMatchObject({ scope, person })
})

it('finds nobody with an unknown, idle or expired session', async () => {
  const { tokenHash } = await aSession(test.db, tenant.userId)
  const find = async (hash: string, at: Date): Promise<unknown> =>
    test.db.first(findActor, { tokenHash: hash, now: at, scopeId: null })
  expect(await find(tokenHash, new Date(Date.UTC(2026, 0, 1, 0, 59, 59)))).toBeDefined()
  expect(await find(tokenHash, new Date(Date.UTC(2026, 0, 1, 1)))).toBeUndefined()
  const used = { idleExpiresAt: new Date(Date.UTC(2026, 0, 1, 3)) }
  await test.db.prisma.session.update({ where: { tokenHash }, data: used })
  expect(await find(tokenHash, new Date(Date.UTC(2026, 0, 1, 2)))).toBeDefined()
  expect(await find(tokenHash, new Date(Date.UTC(2026, 0, 1, 3)))).toBeUndefined()
  expect(await find('0'.repeat(64), now)).toBeUndefined()
})

it("gives an API key its creator's present grants, narrowed to the key's organisation and team", async () => {
  const other = await aTenant(test.db)
  const userId = await aMember(test.db, tenant, { org: 'org_admin', team: 'developer' })
  await test.db.prisma.orgMember.create({ data: { orgId: other.orgId, userId, role: 'org_admin' } })
  const teamId = await aTeam(test.db, tenant.orgId)
  await test.db.prisma.teamMember.create({
    data: { orgId: tenant.orgId, teamId, userId, role: 'team_admin' },
  })
  const keyHash = await aKey(userId, teamId)
  const find = async (at = now) => test.db.first(findApiKeyActor, { keyHash, now: at, scopeId: teamId })
  expect(await find()).toMatchObject({
    scopes: ['deployments:read'],
    keyOrgId: tenant.orgId,
    keyTeamId: teamId,
    person: {
      userId,
      orgs: [{ orgId: tenant.orgId, role: 'org_admin' }],
      teams: [{ teamId, role: 'team_admin' }],
    },
    scope: { teamId },
  })
  await test.db.prisma.teamMember.delete({ where: { teamId_userId: { teamId, userId } } })
  expect(await find()).toMatchObject({ person: { teams: [] } })
  expect(await find(new Date(Date.UTC(2026, 0, 1, 1)))).toBeUndefined()
  await test.db.prisma.apiKey.update({ where: { keyHash }, data: { revokedAt: now } })
  expect(await find()).toBeUndefined()
})

async function aKey(createdById: UserId, teamId: string): Promise<string> {
  const keyHash = createHash('sha256').update(createdById).digest('hex')
  await test.db.prisma.apiKey.create({
    data: {
      id: newId('key'),
      name: 'for the pipeline',
      prefix: 'shp_abcd',
      keyHash,
      scopes: ['deployments:read'],
      orgId: tenant.orgId,
      teamId,
      createdById,
      expiresAt: new Date(Date.UTC(2026, 0, 1, 1)),
    },
  })
  return keyHash
}
