import { expect, it } from 'vitest'

import { aTenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld, type Api } from '../../testing/world.ts'
import type { DeploymentSummary, ListDeployments } from './schema.ts'

const world = useWorld()

type Filter = Partial<Pick<ListDeployments, 'phases' | 'search' | 'limit'>>

/** All pages, one after the other; none is longer than was asked for. */
async function pagesOf(api: Api, teamId: string, filter: Filter): Promise<DeploymentSummary[]> {
  const all: DeploymentSummary[] = []
  let cursor: string | null | undefined
  do {
    const page = await api.deployments.list({ teamId, ...filter, ...(cursor ? { cursor } : {}) })
    expect(page.items.length).toBeLessThanOrEqual(filter.limit ?? 50)
    all.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return all
}

it('pages through a team’s own, newest first, by name and by phase', async () => {
  const [tenant, other] = [await aTenant(world.db), await aTenant(world.db)]
  const ids: string[] = []
  for (let number = 0; number < 7; number++) {
    ids.unshift(await deployed(world, tenant, { displayName: number % 2 ? `Shop ${number}` : 'Blog' }))
  }
  await deployed(world, other)
  const api = await world.as(tenant.userId)
  const found = async (filter: Filter): Promise<string[]> =>
    (await pagesOf(api, tenant.teamId, filter)).map(({ id }) => id)
  expect(await found({ limit: 3 })).toEqual(ids)
  expect(await found({ limit: 2, search: 'shop' })).toEqual(ids.filter((_, index) => index % 2))

  const going = ids.filter((_, index) => [0, 3, 6].includes(index))
  for (const id of going) await api.deployments.delete({ id })
  expect(await found({ phases: ['Deleting'] })).toEqual(going)
  for (const limit of [1, 2, 3]) expect(await found({ phases: ['Deleting'], limit })).toEqual(going)
  expect(await found({ phases: ['Pending', 'Deleting'], limit: 4 })).toEqual(ids)
  expect(await found({ phases: ['Ready'] })).toEqual([])
})
