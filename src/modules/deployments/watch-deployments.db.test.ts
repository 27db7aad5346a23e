import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { DeploymentId } from '../../contract/ids.ts'
import { namespaceOf } from './custom-resource.ts'
import { nameOf } from './name-of.ts'
import { aMember, aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import type { DeploymentChange } from './schema.ts'
import { watchOne, watchTeam, type Told } from './watch-deployments.ts'

const world = useWorld({ runsLoops: true })
let leaving: AbortController
let tenant: Tenant

beforeEach(async () => {
  leaving = new AbortController()
  tenant = await aTenant(world.db)
})
afterEach(() => leaving.abort())

const keyOf = (id: DeploymentId) => ({
  namespace: namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings),
  name: nameOf(id),
})

interface Watch<Item> {
  told: Told<Item>[]
  failed: Promise<unknown>
}

function collect<Item>(stream: AsyncIterable<Told<Item>>): Watch<Item> {
  const told: Told<Item>[] = []
  const run = async () => {
    for await (const item of stream) told.push(item)
  }
  return {
    told,
    failed: run().then(
      () => undefined,
      (error: unknown) => error,
    ),
  }
}

/** Of somebody who may see it for ever. */
const guard = () => ({ whom: tenant, recheck: async () => undefined })

const watch = (lastEventId?: string): Watch<DeploymentChange> =>
  collect(watchTeam(world.deps, tenant.teamId, { signal: leaving.signal, guard: guard(), lastEventId }))

const phasesOf = ({ told }: Watch<DeploymentChange>, id: DeploymentId) =>
  told.flatMap(({ data }) =>
    data.id === id ? [data.kind === 'changed' ? data.deployment.phase : 'removed'] : [],
  )

it('tells how it is, then what changes, each thing once', async () => {
  const id = await deployed(world, tenant)
  const seen = watch()
  await vi.waitFor(() => expect(phasesOf(seen, id)).toContain('Pending'))
  const second = await deployed(world, tenant)
  await vi.waitFor(() => expect(phasesOf(seen, second)).not.toEqual([]))
  await vi.waitFor(() => expect(world.kube.watchUserDeployments().get(keyOf(id))).toBeDefined())
  const generation = world.kube.watchUserDeployments().get(keyOf(id))?.metadata.generation ?? 0
  world.kube.setStatus(keyOf(id), { phase: 'Ready', observedGeneration: generation })
  await vi.waitFor(() => expect(phasesOf(seen, id).at(-1)).toBe('Ready'))
  // Says nothing new: the same status again, and a change that is none.
  world.kube.setStatus(keyOf(id), { phase: 'Ready', observedGeneration: generation })
  world.deps.changes.emit({ id, teamId: tenant.teamId })
  world.deps.changes.emit('everything')
  await delay(300)
  const said = seen.told.map(({ data }) => JSON.stringify(data))
  expect(new Set(said).size).toBe(said.length)
  expect(new Set(seen.told.map(({ eventId }) => eventId)).size).toBe(said.length)
})

it('tells nothing of other teams', async () => {
  const seen = watch()
  const other = await aTenant(world.db)
  const foreign = await deployed(world, other)
  const own = await deployed(world, tenant)
  await vi.waitFor(() => expect(phasesOf(seen, own)).not.toEqual([]))
  expect(phasesOf(seen, foreign)).toEqual([])
})

it('tells after a break what was removed meanwhile', async () => {
  const id = await deployed(world, tenant)
  const seen = watch()
  await vi.waitFor(() => expect(phasesOf(seen, id)).not.toEqual([]))
  leaving.abort()
  await vi.waitFor(() => expect(world.kube.watchUserDeployments().get(keyOf(id))).toBeDefined())
  await (await world.as(tenant.userId)).deployments.delete({ id })
  await vi.waitFor(() =>
    expect(world.kube.watchUserDeployments().get(keyOf(id))?.metadata.deletionTimestamp).toBeDefined(),
  )
  world.kube.finishDeletion(keyOf(id))
  await vi.waitFor(async () =>
    expect((await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })).removedAt).not.toBeNull(),
  )
  leaving = new AbortController()
  const again = watch(seen.told.at(-1)?.eventId)
  await vi.waitFor(() => expect(phasesOf(again, id)).toEqual(['removed']))
})

it('shows one deployment with everything, until it is removed', async () => {
  const id = await deployed(world, tenant)
  const seen = collect(watchOne(world.deps, id, { signal: leaving.signal, guard: guard() }))
  await vi.waitFor(() =>
    expect(seen.told[0]?.data).toMatchObject({
      kind: 'changed',
      deployment: { specs: [{ name: 'web' }, { name: 'api' }] },
    }),
  )
})

it('ends when the right is gone', async () => {
  const developer = await aMember(world.db, tenant, { team: 'developer' })
  const api = await world.as(developer)
  const stream = await api.deployments.onChange({ teamId: tenant.teamId })
  const ended = (async () => {
    for await (const _ of stream);
  })().catch((error: unknown) => error)
  await delay(200)
  await world.db.prisma.teamMember.deleteMany({ where: { userId: developer } })
  expect(await ended).toMatchObject({ code: 'NOT_FOUND' })
}, 10_000)

it('reads a row once for many who watch', async () => {
  const id = await deployed(world, tenant)
  const viewers = Array.from({ length: 30 }, () => watch())
  await vi.waitFor(() => expect(viewers.every((each) => phasesOf(each, id).length > 0)).toBe(true), 5_000)
  await delay(500)
  const sent = await world.statementsOf(async () => {
    await (await world.as(tenant.userId)).deployments.restart({ id })
    await vi.waitFor(() => expect(viewers.every(({ told }) => told.length > 1)).toBe(true), 5_000)
  })
  const reads = sent.filter((text) => text.includes('r.secret_versions, r.note'))
  expect(reads.length).toBeLessThan(15)
})

it('leaves nothing behind when everybody has gone', async () => {
  // The one who is always there forgets rows that changed.
  const before = 1
  await vi.waitFor(() => expect(world.deps.changes.listeners).toBe(before))
  const viewers = Array.from({ length: 10 }, () => watch())
  await vi.waitFor(() => expect(world.deps.changes.listeners).toBe(before + 10))
  leaving.abort()
  await Promise.all(viewers.map(async ({ failed }) => failed))
  expect(world.deps.changes.listeners).toBe(before)
})
