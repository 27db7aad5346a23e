import { expect, it } from 'vitest'

import { checkCounters } from '../../../prisma/sql/check-counters.generated.ts'
import { checkPeople } from '../../../prisma/sql/check-people.generated.ts'
import { newId, type OrgId, type UserId } from '../../contract/ids.ts'
import { OrgSlug } from '../../contract/people-names.ts'
import { aDeployment, aMember, aTeam, aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { useWorld } from '../../testing/world.ts'

const world = useWorld()

const roleOf = async (orgId: OrgId, userId: UserId): Promise<string | undefined> =>
  (await world.db.prisma.orgMember.findUnique({ where: { orgId_userId: { orgId, userId } } }))?.role

it('makes an organisation with a team, and who makes it owns both', async () => {
  const { userId } = await aTenant(world.db)
  const { id, teamId } = await (await world.as(userId)).orgs.create({ name: '  Ada   and friends ' })
  const { orgs, teams } = await (await world.as(userId)).auth.me()
  expect(orgs).toContainEqual(expect.objectContaining({ id, name: 'Ada and friends', role: 'org_owner' }))
  expect(teams).toContainEqual({ id: teamId, orgId: id, name: 'Default', role: 'team_admin' })
  expect(await world.db.all(checkCounters, {})).toEqual([])
  expect(await world.db.all(checkPeople, {})).toEqual([])
})

it('renames it, and keeps slugs apart', async () => {
  const { userId, orgId } = await aTenant(world.db)
  const other = await aTenant(world.db)
  const api = await world.as(userId)
  expect(await api.orgs.rename({ orgId, name: 'Новое имя' })).toMatchObject({ name: 'Новое имя' })
  const slug = OrgSlug.parse(`acme-${userId.slice(4, 12)}`)
  expect(await api.orgs.changeSlug({ orgId, slug })).toMatchObject({ slug, name: 'Новое имя' })
  const rival = await world.as(other.userId)
  expect(await codeOf(rival.orgs.changeSlug({ orgId: other.orgId, slug }))).toBe('SLUG_TAKEN')
  expect(await codeOf(rival.orgs.create({ name: 'Acme', slug }))).toBe('SLUG_TAKEN')
  expect(await codeOf(api.orgs.changeSlug({ orgId, slug: 'асme' }))).toBe('INVALID_INPUT')
  expect(await codeOf(api.orgs.rename({ orgId, name: 'x'.repeat(10_000) }))).toBe('INVALID_INPUT')
  expect(await api.orgs.get({ orgId })).toMatchObject({ slug, name: 'Новое имя' })
})

it('hands an organisation over: one owner before, one owner after', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const heir = await aMember(world.db, tenant)
  const api = await world.as(userId)
  await api.orgs.transfer({ orgId, userId: heir })
  expect([await roleOf(orgId, userId), await roleOf(orgId, heir)]).toEqual(['org_admin', 'org_owner'])
  // Who was the owner when the request was looked at, and is not any more.
  expect(await codeOf(api.orgs.transfer({ orgId, userId: await aMember(world.db, tenant) }))).toBe('CONFLICT')
  expect(await codeOf((await world.as(userId)).orgs.transfer({ orgId, userId }))).toBe('FORBIDDEN')
  expect(await roleOf(orgId, heir)).toBe('org_owner')
})

it('hands it to nobody who is not in it, and not to oneself', async () => {
  const { userId, orgId } = await aTenant(world.db)
  const stranger = await aTenant(world.db)
  const api = await world.as(userId)
  for (const heir of [stranger.userId, newId('usr'), userId]) {
    expect(await codeOf(api.orgs.transfer({ orgId, userId: heir }))).toBe('NOT_FOUND')
  }
  expect(await roleOf(orgId, userId)).toBe('org_owner')
})

it('is suspended by who runs the installation, who gives a reason, and goes on', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId, teamId } = tenant
  const { deploymentId: id } = await aDeployment(world.db, tenant)
  await world.db.prisma.deployment.update({ where: { id }, data: { pushedGeneration: 1 } })
  const root = await aTenant(world.db)
  await world.db.prisma.user.update({ where: { id: root.userId }, data: { platformAdmin: true } })
  const administrator = await world.as(root.userId)
  const api = await world.as(userId)
  expect(await codeOf(api.orgs.suspend({ orgId, reason: 'Why not.' }))).toBe('NOT_FOUND')

  await administrator.orgs.suspend({ orgId, reason: 'It mines coins.' })
  expect(await (await world.as(userId)).orgs.get({ orgId })).toMatchObject({
    suspendedAt: expect.any(String),
    suspendedReason: 'It mines coins.',
  })
  // Its pods are to be stopped.
  expect(await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })).toMatchObject({
    pushedGeneration: 0,
  })
  const held = await world.as(userId)
  expect(await codeOf(held.teams.create({ orgId, name: 'More' }))).toBe('ORG_SUSPENDED')
  expect(await codeOf(held.invitations.create({ teamId, email: 'x@example.com', role: 'viewer' }))).toBe(
    'ORG_SUSPENDED',
  )
  await administrator.orgs.resume({ orgId })
  expect(await codeOf((await world.as(userId)).teams.create({ orgId, name: 'More' }))).toBe('none')
  expect(await codeOf(administrator.orgs.suspend({ orgId: newId('org'), reason: 'x' }))).toBe('NOT_FOUND')
})

it('is not deleted while something of it runs, and says what', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const shop = await aDeployment(world.db, tenant, { displayName: 'Shop' })
  await aDeployment(world.db, tenant, { displayName: 'Blog' })
  const api = await world.as(userId)
  await expect(api.orgs.delete({ orgId })).rejects.toMatchObject({
    cause: { code: 'STILL_IN_USE', params: { what: 'organisation', deployments: 'Shop and Blog' } },
  })
  await shop.deleted()
  await expect(api.orgs.delete({ orgId })).rejects.toMatchObject({
    cause: { params: { deployments: 'Shop (being deleted) and Blog' } },
  })
  expect(await roleOf(orgId, userId)).toBe('org_owner')
})

it('is gone at once for everybody, with all that belongs to it, and leaves the audit', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const member = await aMember(world.db, tenant, { team: 'developer' })
  await aTeam(world.db, orgId)
  const removed = await aDeployment(world.db, tenant)
  await removed.deleted()
  const { prisma } = world.db
  await prisma.deployment.update({
    where: { id: removed.deploymentId },
    data: { removedAt: new Date(), keeperId: null, pushedGeneration: 2 },
  })
  await prisma.organization.update({ where: { id: orgId }, data: { deploymentsUsed: 0 } })
  await (await world.as(userId)).orgs.delete({ orgId })
  for (const who of [userId, member]) {
    const me = await (await world.as(who)).auth.me()
    expect([me.orgs, me.teams]).toEqual([[], []])
  }
  expect(await codeOf((await world.as(userId)).orgs.get({ orgId }))).toBe('NOT_FOUND')
  expect(await prisma.deployment.count({ where: { orgId } })).toBe(0)
  expect(await prisma.auditEvent.count({ where: { orgId, action: 'org:delete' } })).toBe(1)
  // Who has none can make one.
  expect(await codeOf((await world.as(member)).orgs.create({ name: 'Anew' }))).toBe('none')
})
