/** No second is lost or counted twice: with two servers, with one that dies at every await, and with one long away. */
import { expect, it } from 'vitest'

import { aTenant } from '../../testing/builders.ts'
import { Death, failAtEachCall } from '../../testing/fail-at-each-call.ts'
import { useWorld } from '../../testing/world.ts'
import { meterUsage } from './meter-usage.ts'
import { aMetered, clockAtHour, heard, pushAll } from './testing/metered.ts'

const world = useWorld()
const signal = new AbortController().signal
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const half = { cpu: 500, memory: 256, storage: 1024 }
const idle = { cpu: 0, memory: 0, storage: 1024 }

/** Half an hour at work, then idle; two hours and a little are over. */
async function aWorkedOne() {
  const clock = clockAtHour()
  const metered = await aMetered(world, await aTenant(world.db), clock)
  metered.takes(half)
  clock.advance(30 * MINUTE)
  metered.takes(idle)
  clock.advance(93 * MINUTE)
  return { clock, metered }
}
const worked = [
  { cpu: 500 * 1800, memory: 256 * 1800, storage: 1024 * 3600 },
  { cpu: 0, memory: 0, storage: 1024 * 3600 },
]
const amounts = (hours: { cpu: number; memory: number; storage: number }[]) =>
  hours.map(({ cpu, memory, storage }) => ({ cpu, memory, storage }))

it('enters the hours that have ended, and each once', async () => {
  const { clock, metered } = await aWorkedOne()
  const deps = { ...world.deps, ...heard(world, clock) }
  expect(await meterUsage(deps, signal)).toBe(1)
  expect(amounts(await metered.hours())).toEqual(worked)
  expect(await meterUsage(deps, signal)).toBe(0)
  expect(amounts(await metered.hours())).toEqual(worked)
})

it('enters every second once with two servers at the same time', async () => {
  const db = world.connectAgain()
  for (let round = 0; round < 10; round++) {
    const { clock, metered } = await aWorkedOne()
    const deps = { ...world.deps, ...heard(world, clock) }
    const moved = await Promise.all([meterUsage(deps, signal), meterUsage({ ...deps, db }, signal)])
    expect(moved[0] + moved[1]).toBe(1)
    expect(amounts(await metered.hours())).toEqual(worked)
  }
})

it('enters every second once wherever a server dies, before a call or after it', async () => {
  const moments = await failAtEachCall({ db: world.db }, async (ports) => {
    const { clock, metered } = await aWorkedOne()
    const deps = { ...world.deps, ...heard(world, clock) }
    await meterUsage({ ...deps, ...ports }, signal).catch((error: unknown) => {
      if (!(error instanceof Death)) throw error
    })
    clock.advance(HOUR)
    metered.takes(half)
    clock.advance(HOUR)
    await meterUsage(deps, signal)
    expect(amounts(await metered.hours())).toEqual([
      ...worked,
      { cpu: 0, memory: 0, storage: 1024 * 3600 },
      { cpu: 500 * 57 * 60, memory: 256 * 57 * 60, storage: 1024 * 3600 },
    ])
  })
  expect(moments.map(({ call }) => call)).toContain('db.first meter-usage')
})

it('reads from the cluster what happened while every server was away', async () => {
  const { clock, metered } = await aWorkedOne()
  for (let day = 0; day < 20; day++) {
    clock.advance(23 * HOUR)
    metered.takes(half)
    clock.advance(HOUR)
    metered.takes(idle)
  }
  await meterUsage({ ...world.deps, ...heard(world, clock) }, signal)
  // The last three minutes are of an hour that has not ended.
  const hours = await metered.hours()
  expect(hours.reduce((sum, { cpu }) => sum + cpu, 0)).toBe(500 * (1800 + 20 * 3600 - 3 * 60))
  expect(hours.reduce((sum, { storage }) => sum + storage, 0)).toBe(1024 * 3600 * (2 + 20 * 24))
})

it('ends with the moment in which the deletion was asked for, wherever a server dies', async () => {
  await failAtEachCall({ db: world.db, kube: world.kube }, async (ports) => {
    const clock = clockAtHour()
    const tenant = await aTenant(world.db)
    const metered = await aMetered(world, tenant, clock)
    const { creationTimestamp = '' } = world.kube.watchUserDeployments().get(metered.key)?.metadata ?? {}
    clock.setWall(Date.parse(creationTimestamp))
    metered.takes(half)
    await (await world.as(tenant.userId)).deployments.delete({ id: metered.id })
    const deletedAt = new Date(Math.ceil(Date.parse(creationTimestamp) / 1000) * 1000 + 90_000)
    await world.db.prisma.deployment.update({ where: { id: metered.id }, data: { deletedAt } })

    await pushAll({ ...world, ...{ deps: { ...world.deps, ...ports } } }).catch((error: unknown) => {
      if (!(error instanceof Death)) throw error
    })
    await world.db.prisma.deployment.update({
      where: { id: metered.id },
      data: { pushClaimedUntil: new Date(0) },
    })
    await pushAll(world)

    const seconds = Math.floor(deletedAt.getTime() / 1000) - Math.floor(Date.parse(creationTimestamp) / 1000)
    const hours = await metered.hours()
    expect(hours.reduce((sum, { cpu }) => sum + cpu, 0)).toBe(500 * seconds)
    clock.advance(5 * HOUR)
    await meterUsage({ ...world.deps, ...heard(world, clock) }, signal)
    expect(await metered.hours()).toEqual(hours)
  })
})

it('enters nothing while the cluster is away', async () => {
  const { clock, metered } = await aWorkedOne()
  const { facts } = heard(world, clock)
  const away = { ...facts, cluster: () => 'unreachable' as const }
  expect(await meterUsage({ ...world.deps, clock, facts: away }, signal)).toBe(0)
  expect(await metered.hours()).toEqual([])
})
