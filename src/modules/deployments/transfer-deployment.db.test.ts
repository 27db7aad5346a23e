import { expect, it } from 'vitest'

import { aMember, aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'

const world = useWorld()

async function aDeployedTenant() {
  const tenant = await aTenant(world.db, { name: 'Ada' })
  return { ...tenant, id: await deployed(world, tenant), api: await world.as(tenant.userId) }
}
const auditOf = async (targetId: string) =>
  world.db.prisma.auditEvent.findMany({ where: { targetId, action: 'deployment:transfer' } })

it('makes another member answer for a deployment, which stays where it is', async () => {
  const { id, api, ...tenant } = await aDeployedTenant()
  const heir = await aMember(world.db, tenant, { team: 'viewer' })
  const before = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })
  await api.deployments.transfer({ id, userId: heir })
  expect(await api.deployments.get({ id })).toMatchObject({ owner: { id: heir } })
  const { ownerId, generation, pushedGeneration } = before
  expect(await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })).toMatchObject({
    ...{ ownerId, generation, pushedGeneration },
  })
  const { name } = await world.db.prisma.user.findUniqueOrThrow({ where: { id: heir } })
  expect(await auditOf(id)).toMatchObject([
    { detail: { newKeeperId: heir }, changes: { owner: { from: 'Ada', to: name } }, actorId: tenant.userId },
  ])
  const [newest] = (await api.deployments.activity({ id })).items
  expect(newest).toMatchObject({ kind: 'handed_over', detail: { to: name } })
  // Once more changes nothing.
  await api.deployments.transfer({ id, userId: heir })
  expect(await auditOf(id)).toHaveLength(1)
})

it('is for administrators of the team, and to members alone', async () => {
  const { id, api, ...tenant } = await aDeployedTenant()
  const stranger = await aTenant(world.db)
  expect(await codeOf(api.deployments.transfer({ id, userId: stranger.userId }))).toBe('NOT_FOUND')
  const developer = await aMember(world.db, tenant, { team: 'developer' })
  const own = { id, userId: developer }
  expect(await codeOf((await world.as(developer)).deployments.transfer(own))).toBe('FORBIDDEN')
  expect(await codeOf((await world.as(stranger.userId)).deployments.transfer(own))).toBe('NOT_FOUND')
  expect(await auditOf(id)).toEqual([])
})

it('is too late once it is being deleted', async () => {
  const { id, api, ...tenant } = await aDeployedTenant()
  const heir = await aMember(world.db, tenant)
  await api.deployments.delete({ id })
  expect(await codeOf(api.deployments.transfer({ id, userId: heir }))).toBe('BEING_DELETED')
})
