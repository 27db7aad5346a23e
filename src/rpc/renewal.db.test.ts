/** Who has changed their own rights gets another token, and who only tried does not. */
import { expect, it, vi } from 'vitest'

import { aTenant } from '../testing/builders.ts'
import { useWorld } from '../testing/world.ts'
import { appRouter } from './app-router.ts'
import { contextOf } from './context.ts'
import { t } from './init.ts'

const world = useWorld()

it('gives a token for a change that was made, and none for one that failed', async () => {
  const tenant = await aTenant(world.db)
  const { find } = await world.contextOf(tenant.userId)
  const renewSession = vi.fn<() => Promise<void>>(async () => undefined)
  const context = contextOf({ deps: world.deps, requestId: 'req_1', renewSession }, find)
  const api = t.createCallerFactory(appRouter)(context)
  const toNobody = { orgId: tenant.orgId, userId: (await aTenant(world.db)).userId }
  await expect(api.orgs.transfer(toNobody)).rejects.toMatchObject({ cause: { code: 'NOT_FOUND' } })
  expect(renewSession).not.toHaveBeenCalled()
  await api.orgs.create({ name: 'Another one' })
  expect(renewSession).toHaveBeenCalledTimes(1)
})
