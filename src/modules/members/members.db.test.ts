import { expect, it } from 'vitest'

import { checkCounters } from '../../../prisma/sql/check-counters.generated.ts'
import { checkPeople } from '../../../prisma/sql/check-people.generated.ts'
import { newId } from '../../contract/ids.ts'
import { aDeployment, aMember, aTeam, aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { aForm } from '../../testing/deploy.ts'
import { anInvitation } from '../../testing/invitations.ts'
import { useWorld } from '../../testing/world.ts'

const world = useWorld()

it('lists members, and to each the teams that they may see', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId, teamId } = tenant
  const other = await aTeam(world.db, orgId)
  const developer = await aMember(world.db, tenant, { team: 'developer' })
  const elsewhere = await aMember(world.db, { orgId, teamId: other }, { team: 'viewer' })
  await aDeployment(world.db, tenant, { ownerId: developer })
  const seen = await (await world.as(userId)).members.list({ orgId })
  expect(
    seen.map((each) => [each.userId, each.role, each.teams.map(({ id }) => id), each.deployments]),
  ).toEqual(
    expect.arrayContaining([
      [userId, 'org_owner', [teamId], 0],
      [developer, 'org_member', [teamId], 1],
      [elsewhere, 'org_member', [other], 0],
    ]),
  )
  expect(seen[0]?.userId).toBe(userId)
  const byMember = await (await world.as(elsewhere)).members.list({ orgId })
  expect(
    Object.fromEntries(byMember.map((each) => [each.userId, [each.teams.length, each.deployments]])),
  ).toEqual({
    [userId]: [0, null],
    [developer]: [0, null],
    [elsewhere]: [1, 0],
  })
})

it('changes roles, but not that of the owner', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const member = await aMember(world.db, tenant)
  const api = await world.as(userId)
  await api.members.changeRole({ orgId, userId: member, role: 'org_admin' })
  // With the next request, without a new sign-in.
  const admin = await world.as(member)
  expect(await codeOf(admin.orgs.rename({ orgId, name: 'By an administrator' }))).toBe('none')
  expect(await codeOf(admin.members.changeRole({ orgId, userId, role: 'org_member' }))).toBe('OWNER_STAYS')
  expect(await codeOf(admin.members.remove({ orgId, userId }))).toBe('OWNER_STAYS')
  const stranger = await aTenant(world.db)
  expect(await codeOf(api.members.changeRole({ orgId, userId: stranger.userId, role: 'org_admin' }))).toBe(
    'NOT_FOUND',
  )
})

it('lets nobody go who answers for deployments, and says for which', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const developer = await aMember(world.db, tenant, { team: 'developer' })
  for (const displayName of ['A', 'B', 'C', 'D', 'E', 'F', 'x'.repeat(60)]) {
    await aDeployment(world.db, tenant, { ownerId: developer, displayName })
  }
  await expect((await world.as(developer)).orgs.leave({ orgId })).rejects.toMatchObject({
    cause: { code: 'NEW_OWNER_NEEDED', params: { deployments: 'A, B, C, D, E, and others' } },
  })
  const api = await world.as(userId)
  expect(await codeOf(api.members.remove({ orgId, userId: developer }))).toBe('NEW_OWNER_NEEDED')
  const stranger = await aTenant(world.db)
  for (const moveTo of [developer, stranger.userId, newId('usr')]) {
    expect(await codeOf(api.members.remove({ orgId, userId: developer, moveTo }))).toBe('NOT_FOUND')
    expect(await codeOf(api.members.handOver({ orgId, userId: developer, moveTo }))).toBe('NOT_FOUND')
  }
  expect(await world.db.prisma.deployment.count({ where: { orgId, keeperId: developer } })).toBe(7)
})

it('removes a member with keys, team roles and invitations, and hands the deployments over as they run', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId, teamId } = tenant
  const leaver = await aMember(world.db, tenant, { team: 'developer' })
  const { email } = await world.db.prisma.user.findUniqueOrThrow({ where: { id: leaver } })
  const { id: deploymentId } = await (await world.as(leaver)).deployments.create(await aForm(world, teamId))
  const { token } = await anInvitation(world, tenant, { email, role: 'team_admin' })
  await world.db.prisma.apiKey.create({
    data: {
      ...{ id: newId('key'), name: 'ci', prefix: 'sy_abc', keyHash: 'ab'.repeat(32), scopes: [] },
      ...{ orgId, createdById: leaver },
    },
  })
  const before = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id: deploymentId } })
  const old = await world.as(leaver)
  await (await world.as(userId)).members.remove({ orgId, userId: leaver, moveTo: userId })
  const after = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id: deploymentId } })
  // Namespace, path in Vault and pods stay what they were: only who answers for it is another one.
  expect(after).toMatchObject({
    keeperId: userId,
    ownerId: leaver,
    generation: before.generation,
    pushedGeneration: before.pushedGeneration,
  })
  expect((await (await world.as(userId)).deployments.get({ id: deploymentId })).owner.id).toBe(userId)
  expect(await codeOf((await world.as(leaver)).deployments.get({ id: deploymentId }))).toBe('NOT_FOUND')
  expect(await codeOf(old.members.list({ orgId }))).toBe('NOT_FOUND')
  expect(await codeOf(old.invitations.accept({ token }))).toBe('INVITATION_REVOKED')
  expect(await world.db.prisma.apiKey.findFirst({ where: { createdById: leaver } })).toMatchObject({
    revokedAt: expect.any(Date),
  })
  expect(await world.db.prisma.teamMember.count({ where: { teamId, userId: leaver } })).toBe(0)
  expect(await world.db.all(checkCounters, {})).toEqual([])
  expect(await world.db.all(checkPeople, {})).toEqual([])
})

it('lets a member leave whose deployments an administrator has handed over', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const developer = await aMember(world.db, tenant, { team: 'developer' })
  await aDeployment(world.db, tenant, { ownerId: developer })
  const handed = await (await world.as(userId)).members.handOver({ orgId, userId: developer, moveTo: userId })
  expect(handed).toEqual({ userId: developer, deployments: 1 })
  await (await world.as(developer)).orgs.leave({ orgId })
  expect((await (await world.as(developer)).auth.me()).orgs).toEqual([])
  expect(await codeOf((await world.as(userId)).orgs.leave({ orgId }))).toBe('OWNER_STAYS')
})

it('removes nobody twice', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const member = await aMember(world.db, tenant)
  const api = await world.as(userId)
  const codes = await Promise.all(
    Array.from({ length: 8 }, async () => codeOf(api.members.remove({ orgId, userId: member }))),
  )
  expect(codes.toSorted()).toEqual([...Array<string>(7).fill('NOT_FOUND'), 'none'])
  expect(await world.db.all(checkCounters, {})).toEqual([])
})
