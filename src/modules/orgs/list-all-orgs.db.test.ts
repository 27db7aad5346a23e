import { expect, it } from 'vitest'

import { randomBase32 } from '../../contract/ids.ts'
import { aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { useWorld } from '../../testing/world.ts'

const world = useWorld()

/** Who runs the installation. */
async function anAdministrator() {
  const { userId: id } = await aTenant(world.db, { name: 'Root' })
  await world.db.prisma.user.update({ where: { id }, data: { platformAdmin: true } })
  return world.as(id)
}

/** Three organisations that a word of their names tells from all others, the newest first. */
async function three() {
  const word = `Quay${randomBase32(8)}`
  const made = []
  for (const which of ['first', 'second', 'third']) {
    const tenant = await aTenant(world.db)
    await (await world.as(tenant.userId)).orgs.rename({ orgId: tenant.orgId, name: `The ${which} ${word}` })
    made.unshift(tenant)
  }
  const [newest, middle, oldest] = made
  if (!newest || !middle || !oldest) throw new Error('Three were made.')
  return { word, newest, middle, oldest }
}

it('shows who runs the installation all organisations, newest first, page by page', async () => {
  const administrator = await anAdministrator()
  const { word, newest, middle, oldest } = await three()
  const search = word.toUpperCase()
  const page = await administrator.orgs.listAll({ search, limit: 2 })
  expect(page.items.map(({ id }) => id)).toEqual([newest.orgId, middle.orgId])
  expect(page.items[0]).toMatchObject({
    name: `The third ${word}`,
    owner: { id: newest.userId, email: newest.email },
    plan: { id: 'enterprise', name: 'Enterprise' },
    ...{ deployments: 0, members: 1, suspendedAt: null, suspendedReason: null },
  })
  const rest = await administrator.orgs.listAll({ search, limit: 2, cursor: page.nextCursor ?? '' })
  expect(rest).toMatchObject({ items: [{ id: oldest.orgId }], nextCursor: null })
})

it('finds one by the address of its owner, and those that are suspended', async () => {
  const administrator = await anAdministrator()
  const { word, middle } = await three()
  const idsOf = async (asked: Parameters<typeof administrator.orgs.listAll>[0]) =>
    (await administrator.orgs.listAll(asked)).items.map(({ id }) => id)
  expect(await idsOf({ search: middle.email.toUpperCase() })).toEqual([middle.orgId])
  expect(await idsOf({ search: word, which: 'suspended' })).toEqual([])
  await administrator.orgs.suspend({ orgId: middle.orgId, reason: 'It mines coins.' })
  expect(await administrator.orgs.listAll({ search: word, which: 'suspended' })).toMatchObject({
    items: [{ id: middle.orgId, suspendedReason: 'It mines coins.' }],
  })
})

it('shows nothing of it to an owner', async () => {
  const { userId } = await aTenant(world.db)
  expect(await codeOf((await world.as(userId)).orgs.listAll({}))).toBe('NOT_FOUND')
})
