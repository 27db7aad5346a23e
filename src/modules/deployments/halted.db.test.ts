import { expect, it } from 'vitest'

import { aTenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'

const world = useWorld()

it('says what keeps a deployment from running, the gravest first, wherever it is shown', async () => {
  const tenant = await aTenant(world.db)
  const { orgId, teamId, userId } = tenant
  const id = await deployed(world, tenant)
  const api = await world.as(userId)
  const seen = async () => {
    const { suspended, haltedBy } = await api.deployments.get({ id })
    const [listed] = (await api.deployments.list({ teamId })).items
    expect(listed).toMatchObject({ suspended, haltedBy })
    expect(suspended).toBe(haltedBy !== null)
    return haltedBy
  }
  const org = async (data: object) => world.db.prisma.organization.update({ where: { id: orgId }, data })
  expect(await seen()).toBeNull()
  await world.db.prisma.deployment.update({ where: { id }, data: { held: true } })
  expect(await seen()).toBe('plan')
  await org({ budgetStoppedAt: new Date(0) })
  expect(await seen()).toBe('budget')
  await org({ billingStage: 'suspended' })
  expect(await seen()).toBe('unpaid')
  await org({ suspendedAt: new Date(0), suspendedReason: 'It mines coins.' })
  expect(await seen()).toBe('administrator')
})
