/** The operator as a process whose calls to a real API server go wrong, and that dies in the middle of its work. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { isWatch } from '../e2e/fixtures/fault-proxy/call.ts'
import { once, storm, type Fault, type Plan } from '../e2e/fixtures/fault-proxy/faults.ts'
import { listKey } from '../e2e/fixtures/fault-proxy/recorded-lists.ts'
import { ownPlace, sharedPlace, startProxiedOperator } from '../e2e/fixtures/operator-behind-proxy.ts'
import { TURN_TIMEOUT_MS, type Tenant } from '../e2e/fixtures/operator.ts'
import { begin, change, settle } from './testing/kube-journey.ts'
import { atLevel } from '../src/testing/levels.ts'
import {
  endOf,
  expectEnd,
  writesWithin,
  isStep,
  untilAtRest,
  walk,
  walkWithDeath,
  writesAfterTheEnd,
  type World,
} from './testing/proxied-journey.ts'

const isFull = inject('testLevel') >= 9
const QUIET_MS = 60_000
const SEED = 1
const STORM_MS = isFull ? 6_000 : 2_000
/** Of one journey, on a machine that has other things to do. */
const TIMEOUT_MS = 240_000
/** For an operator that was not told of something. */
const BLIND_MS = 3_000

let world: World
let expected: unknown
/** Writes of an undisturbed journey. */
let steps: number

beforeAll(async () => {
  // What takes long keeps others from their turn.
  const place = isFull ? await ownPlace() : await sharedPlace()
  world = { place, operator: await startProxiedOperator(place), ended: [] }
  const walked = await walk(world)
  expected = await endOf(world, walked.subject)
  steps = walked.calls.filter(isStep(walked.subject.tenant)).length
}, TURN_TIMEOUT_MS)
afterAll(async () => {
  await world.operator.end()
  await world.place.end()
})

it('comes to the same end a second time, when nothing disturbs it', { timeout: TIMEOUT_MS }, async () => {
  expect(steps).toBeGreaterThan(20)
  const walked = await walk(world)
  await expectEnd(world, walked, expected)
  expect(walked.calls.filter(isStep(walked.subject.tenant)).length).toBeLessThan(steps * 1.5)
})

const mixed: Fault[] = [
  { type: 'answer', status: 409 },
  { type: 'answer', status: 410 },
  { type: 'answer', status: 429, retryAfterSeconds: 1 },
  { type: 'answer', status: 500 },
  { type: 'answer', status: 503 },
  { type: 'reset', when: 'before' },
  { type: 'reset', when: 'after' },
  { type: 'delay', ms: 300 },
]

const storms: [string, number, Fault[]][] = [['everything', 30, mixed]]
if (isFull) {
  for (const fault of mixed) storms.push([JSON.stringify(fault), 40, [fault]])
  storms.push(['429 and 500', 60, mixed.filter((each) => each.type === 'answer' && each.status !== 409)])
}

it.each(storms)(
  `comes to the same end soon after a storm of %s over %d of 100 calls (seed ${SEED})`,
  { timeout: TIMEOUT_MS },
  async (_, percent, faults) => {
    const begun = performance.now()
    const planFor = (): Plan => storm({ seed: SEED, percent, faults })
    const walked = await walk(world, { planFor, forMs: STORM_MS })
    expect(performance.now() - begun).toBeLessThan(STORM_MS + 30_000)
    expect(walked.calls.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(5)
    await expectEnd(world, walked, expected)
  },
)

atLevel(9, () => {
  it('comes to the same end when calls are never answered', { timeout: TIMEOUT_MS }, async () => {
    const planFor = (tenant: Tenant): Plan => {
      const plans = [
        once(isStep(tenant), 3, { type: 'hang', when: 'after' }),
        once(isStep(tenant), 9, { type: 'hang', when: 'before' }),
      ]
      return (call) => plans.map((plan) => plan(call)).find(Boolean)
    }
    const walked = await walk(world, { planFor })
    expect(walked.calls.filter(({ fault }) => fault === 'hang')).toHaveLength(2)
    await expectEnd(world, walked, expected)
  })
})

/** The first watch of each kind; those that follow are left in peace. */
function firstWatches(fault: Fault): Plan {
  const met = new Set<string>()
  return (call) => {
    if (!isWatch(call) || met.has(listKey(call))) return undefined
    met.add(listKey(call))
    return fault
  }
}

/** Another process, whose watches are disturbed from the beginning. */
async function restartUnder(plan: Plan): Promise<void> {
  await world.operator.kill()
  world.operator.proxy.disturb(plan)
  await world.operator.restart()
}

const counts = isFull ? [1, 2, 3, 5, 8] : [2]

const endings = isFull ? (['cut', 'expire'] as const) : (['cut'] as const)

it.each(counts.flatMap((after) => endings.map((ends) => ({ after, ends }))))(
  'comes to the same end when each watch ends after $after changes ($ends)',
  { timeout: TIMEOUT_MS },
  async ({ after, ends }) => {
    const plan = firstWatches({ type: 'watch', after, ends })
    await restartUnder(plan)
    const walked = await walk(world, { planFor: () => plan })
    const { calls } = world.operator.proxy
    expect(calls.filter(({ fault }) => fault === `watch ${ends}`).length).toBeGreaterThan(2)
    await expectEnd(world, walked, expected)
  },
)

atLevel(9, () => {
  it.each(counts)(
    'makes up for change %d that no watch was told, with the next list',
    { timeout: TIMEOUT_MS },
    async (number) => {
      const { place, operator } = world
      const plan = firstWatches({ type: 'watch', after: number - 1, ends: 'drop' })
      const dropped = (): number => operator.proxy.calls.filter(({ fault }) => fault === 'watch drop').length
      const before = dropped()
      await restartUnder(plan)
      const from = operator.proxy.calls.length
      const subject = await begin(place.cluster, () => operator.proxy.disturb(plan))
      for (const step of [async () => undefined, async () => change(subject)]) {
        await step()
        await settle(place.cluster, subject, BLIND_MS).catch(() => undefined)
        await operator.relist()
        await settle(place.cluster, subject)
      }
      expect(dropped()).toBeGreaterThan(before)
      await expectEnd(world, { subject, calls: operator.proxy.calls.slice(from) }, expected)
    },
  )
})

let deathsAtWrites = 0
const deaths = Array.from({ length: isFull ? 20 : 1 }, (_, number) => number + 1)

it.each(deaths)(
  `comes to the same end when it is killed at a write: %d of ${deaths.length}`,
  { timeout: TIMEOUT_MS },
  async (number) => {
    const at = Math.ceil((number / (deaths.length + 1)) * steps)
    const walked = await walkWithDeath(world, { at, when: number % 2 ? 'before' : 'after' })
    const resets = walked.calls.filter(({ fault }) => fault === 'reset').length
    expect(resets).toBeLessThanOrEqual(1)
    deathsAtWrites += resets
    await expectEnd(world, walked, expected)
  },
)

it('was killed at these writes, and hardly ever after the last', () => {
  expect(deathsAtWrites).toBeGreaterThanOrEqual(deaths.length * 0.9)
})

// At level 1 `wire-views.kube.test.ts` waits for that, once for both.
atLevel(9, () => {
  it('writes nothing but the Lease for a minute after all that', { timeout: TIMEOUT_MS }, async () => {
    await untilAtRest(world)
    expect(await writesWithin(world, QUIET_MS)).toEqual(new Map())
  })

  it('wrote nothing about any of these deployments once it had come to its end', () => {
    expect(world.ended.length).toBeGreaterThan(deaths.length)
    expect(writesAfterTheEnd(world)).toEqual([])
  })
})

it('has deleted nothing but exactly what it had seen', () => {
  const deletes = world.operator.proxy.calls.filter(({ method }) => method === 'DELETE')
  expect(deletes.length).toBeGreaterThan(2)
  for (const { body } of deletes) {
    expect(JSON.parse(body)).toMatchObject({
      preconditions: { uid: expect.any(String), resourceVersion: expect.any(String) },
    })
  }
})
