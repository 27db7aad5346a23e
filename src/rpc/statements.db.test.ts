/** No procedure sends more than three statements, the one that finds the caller included. */
import { beforeAll, expect, it } from 'vitest'

import { POLICY } from '../contract/policy.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { aPlace, callByPath, INPUTS, inputOf } from '../testing/procedure-inputs.ts'
import { declaredProcedures } from '../testing/procedures.ts'
import { useWorld } from '../testing/world.ts'

const world = useWorld({ isBillingEnabled: true })
let tenant: Tenant
let administrator: Tenant

beforeAll(async () => {
  tenant = await aTenant(world.db)
  administrator = await aTenant(world.db)
  const { userId: id } = administrator
  await world.db.prisma.user.update({ where: { id }, data: { platformAdmin: true } })
})

it('knows an input of every procedure', () => {
  expect(Object.keys(INPUTS).toSorted()).toEqual(declaredProcedures.map(([path]) => path).toSorted())
})

it.each(declaredProcedures)('%s', async (path, { meta: { can } }) => {
  const place = await aPlace(world, tenant)
  const input = await inputOf(path, place)
  const isForPlatform = can !== 'anyone' && POLICY[can].scope === 'platform'
  const api = await world.as(isForPlatform ? administrator.userId : tenant.userId)
  const sent = await world.statementsOf(async () => callByPath(api, path, input))
  expect(sent.length, sent.join('\n')).toBeLessThanOrEqual(3)
  expect(sent.filter((text) => /^\s*(BEGIN|COMMIT)/i.test(text))).toEqual([])
})
