import { assert, expect, it } from 'vitest'

import { checkCounters } from '../../../prisma/sql/check-counters.generated.ts'
import { aDeployment, aMember, aTeam, aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import type { Caller } from '../access/actor.ts'
import { createTeam } from './create-team.ts'

const world = useWorld({ isBillingEnabled: true })

it('makes teams up to what the plan allows, with names that differ', async () => {
  const { userId, orgId } = await aTenant(world.db, { plan: 'business' })
  const api = await world.as(userId)
  const { id } = await api.teams.create({ orgId, name: 'Front end' })
  expect(await codeOf(api.teams.create({ orgId, name: ' Front  end ' }))).toBe('NAME_TAKEN')
  expect(
    (await (await world.as(userId)).teams.list({ orgId })).map((team) => [team.name, team.role]),
  ).toEqual([
    ['Default', 'team_admin'],
    ['Front end', 'team_admin'],
  ])
  for (const name of ['A', 'B', 'C']) await api.teams.create({ orgId, name })
  await expect(api.teams.create({ orgId, name: 'D' })).rejects.toMatchObject({
    cause: { code: 'TIER_LIMIT_REACHED', params: { what: 'team', used: 5, limit: 5 } },
  })
  // A name that was refused took no place, and a place that is left can be taken.
  await api.teams.delete({ teamId: id })
  expect(await codeOf(api.teams.create({ orgId, name: 'D' }))).toBe('none')
  expect(await world.db.all(checkCounters, {})).toEqual([])
})

it('makes no team for who has left the organisation since it was asked who calls', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  const userId = await aMember(world.db, tenant, { org: 'org_admin' })
  const actor =
    (await (await world.contextOf(userId)).find())?.actor ?? assert.fail('The member is not there.')
  await (await world.as(tenant.userId)).members.remove({ orgId, userId })
  const caller: Caller = {
    actor,
    scope: { orgId, teamId: null, isSuspended: false, isFrozen: false },
    requestId: 'req_test',
  }
  await expect(createTeam(world.deps, caller, 'Late')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await world.db.all(checkCounters, {})).toEqual([])
})

it('renames a team', async () => {
  const { userId, orgId, teamId } = await aTenant(world.db)
  const api = await world.as(userId)
  expect(await api.teams.rename({ teamId, name: '前端' })).toEqual({ id: teamId, name: '前端' })
  await aTeam(world.db, orgId)
  const [, second] = await api.teams.list({ orgId })
  expect(await codeOf(api.teams.rename({ teamId, name: second?.name ?? '' }))).toBe('NAME_TAKEN')
})

it('deletes a team without deployments, which is not the first one', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId, teamId } = tenant
  const second = await aTeam(world.db, orgId)
  const app = await aDeployment(world.db, { ...tenant, teamId: second }, { displayName: 'Shop' })
  const api = await world.as(userId)
  expect(await codeOf(api.teams.delete({ teamId }))).toBe('DEFAULT_TEAM_STAYS')
  await expect(api.teams.delete({ teamId: second })).rejects.toMatchObject({
    cause: { code: 'STILL_IN_USE', params: { what: 'team', deployments: 'Shop' } },
  })
  await app.deleted()
  expect(await codeOf(api.teams.delete({ teamId: second }))).toBe('STILL_IN_USE')
  await world.db.prisma.deployment.update({
    where: { id: app.deploymentId },
    data: { removedAt: new Date(), keeperId: null, pushedGeneration: 2 },
  })
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { deploymentsUsed: 0 } })
  expect(await codeOf(api.teams.delete({ teamId: second }))).toBe('none')
  expect(await codeOf(api.teams.delete({ teamId: second }))).toBe('NOT_FOUND')
  expect(await world.db.all(checkCounters, {})).toEqual([])
})

it('takes members of the organisation in, gives them roles that count at once, and lets them go', async () => {
  const tenant = await aTenant(world.db)
  const { orgId, teamId } = tenant
  const lead = await aMember(world.db, tenant, { team: 'team_admin' })
  const grace = await aMember(world.db, tenant)
  const id = await deployed(world, tenant)
  const api = await world.as(lead)
  expect(await codeOf((await world.as(grace)).deployments.get({ id }))).toBe('NOT_FOUND')
  await api.teams.members.add({ teamId, userId: grace, role: 'viewer' })
  const viewing = await world.as(grace)
  expect(await codeOf(viewing.deployments.get({ id }))).toBe('none')
  expect(await codeOf(viewing.deployments.restart({ id }))).toBe('FORBIDDEN')
  // Who is in it already stays as they are.
  await api.teams.members.add({ teamId, userId: grace, role: 'team_admin' })
  expect((await api.teams.members.list({ teamId })).find(({ userId }) => userId === grace)?.role).toBe(
    'viewer',
  )
  await api.teams.members.changeRole({ teamId, userId: grace, role: 'developer' })
  expect(await codeOf((await world.as(grace)).deployments.restart({ id }))).toBe('none')
  await api.teams.members.remove({ teamId, userId: grace })
  expect(await codeOf((await world.as(grace)).deployments.get({ id }))).toBe('NOT_FOUND')
  expect(await codeOf(api.teams.members.remove({ teamId, userId: grace }))).toBe('NOT_FOUND')
  expect(await codeOf(api.teams.members.changeRole({ teamId, userId: grace, role: 'viewer' }))).toBe(
    'NOT_FOUND',
  )
  expect((await (await world.as(grace)).orgs.list()).map((org) => org.id)).toEqual([orgId])
})

it('takes nobody in who is not in the organisation', async () => {
  const { userId, teamId } = await aTenant(world.db)
  const stranger = await aTenant(world.db)
  const api = await world.as(userId)
  expect(await codeOf(api.teams.members.add({ teamId, userId: stranger.userId, role: 'viewer' }))).toBe(
    'NOT_FOUND',
  )
})
