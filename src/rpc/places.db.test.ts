/** Who one is, where one may be, and what is offered there. */
import { expect, it } from 'vitest'

import { newId } from '../contract/ids.ts'
import { aMember, aTeam, aTemplate, aTenant } from '../testing/builders.ts'
import { templateId } from '../testing/deploy.ts'
import { useWorld } from '../testing/world.ts'

const world = useWorld()

it('tells somebody who signed in for the first time of the organisation and team that were made', async () => {
  const { userId, orgId, teamId, email } = await aTenant(world.db, { name: 'Ada' })
  const api = await world.as(userId)
  expect(await api.auth.me()).toMatchObject({
    user: { id: userId, email, name: 'Ada', isPlatformAdmin: false },
    orgs: [{ id: orgId, role: 'org_owner', isSuspended: false }],
    teams: [{ id: teamId, orgId, name: 'Default', role: 'team_admin' }],
    currentTeamId: teamId,
  })
  expect((await api.orgs.list()).map(({ id }) => id)).toEqual([orgId])
  expect(await api.orgs.get({ orgId })).toMatchObject({
    role: 'org_owner',
    deployments: { used: 0, limit: null },
    members: { used: 1, limit: null },
  })
})

it('lists all teams of an organisation to its owner, and to a member the own ones', async () => {
  const tenant = await aTenant(world.db)
  const { orgId, teamId, userId } = tenant
  const second = await aTeam(world.db, orgId)
  const member = await aMember(world.db, { orgId, teamId: second }, { team: 'viewer' })
  const listed = async (who: typeof userId): Promise<Record<string, unknown>> => {
    const teams = await (await world.as(who)).teams.list({ orgId })
    return Object.fromEntries(teams.map(({ id, role }) => [id, role]))
  }
  expect(await listed(userId)).toEqual({ [teamId]: 'team_admin', [second]: null })
  expect(await listed(member)).toEqual({ [second]: 'viewer' })
})

it('tells everybody of an organisation that it has not paid', async () => {
  const { userId, orgId } = await aTenant(world.db)
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { billingStage: 'frozen' } })
  const { orgs } = await (await world.as(userId)).auth.me()
  expect(orgs).toMatchObject([{ id: orgId, isFrozen: true, isSuspended: false }])
})

it('keeps in which team somebody works', async () => {
  const { orgId, userId, teamId } = await aTenant(world.db)
  const second = await aTeam(world.db, orgId)
  await world.db.prisma.teamMember.create({ data: { teamId: second, orgId, userId, role: 'developer' } })
  const api = await world.as(userId)
  expect(await api.teams.current()).toMatchObject({ id: teamId })
  expect(await api.teams.setCurrent({ teamId: second })).toMatchObject({ id: second, role: 'developer' })
  // And begins the next session there.
  const later = await world.as(userId)
  expect(await later.teams.current()).toMatchObject({ id: second })
  expect((await later.auth.me()).currentTeamId).toBe(second)
})

it('offers every system template, with its questions, and no template that is not there', async () => {
  const { userId, teamId } = await aTenant(world.db)
  const api = await world.as(userId)
  const names = (await api.templates.list({ teamId })).map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining(['hello', 'hello-stack', 'nginx-unprivileged', 'postgres', 'redis', 'whoami']),
  )
  const { name } = await aTemplate(world.db)
  expect((await api.templates.list({ teamId })).map((each) => each.name)).toContain(name)
  const stack = await api.templates.get({ teamId, templateId: await templateId(world, 'hello-stack') })
  expect(stack.envVars.filter(({ required, secret }) => required && secret)).toHaveLength(1)
  expect(stack.services).toHaveLength(2)
  await expect(api.templates.get({ teamId, templateId: newId('tpl') })).rejects.toMatchObject({
    cause: { code: expect.stringMatching(/NOT_FOUND|TEMPLATE_GONE/) },
  })
})
