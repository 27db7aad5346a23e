/** The operator as a process that is shown what was, hears nothing, or sleeps while another one leads. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest'

import { eventually } from '../e2e/fixtures/cluster.ts'
import { countWrites, isStreamedList, type Call } from '../e2e/fixtures/fault-proxy/call.ts'
import { once } from '../e2e/fixtures/fault-proxy/faults.ts'
import { listKey } from '../e2e/fixtures/fault-proxy/recorded-lists.ts'
import { ownPlace, sharedPlace, startProxiedOperator } from '../e2e/fixtures/operator-behind-proxy.ts'
import { TURN_TIMEOUT_MS } from '../e2e/fixtures/operator.ts'
import { atLevel } from '../src/testing/levels.ts'
import type { KubeObject } from './runtime/cluster.ts'
import { begin, change, changeImage, objectsOf, settle, type Subject } from './testing/kube-journey.ts'
import {
  endOf,
  expectEnd,
  writesWithin,
  isStep,
  madeTwice,
  untilAtRest,
  untilQuiet,
  type World,
} from './testing/proxied-journey.ts'

const isFull = inject('testLevel') >= 9
const QUIET_MS = isFull ? 60_000 : 3_000
/** Who shares the API server at level 1 makes deployments too, and this operator writes their status. */
const OTHERS_MS = isFull ? 0 : 60_000
const TIMEOUT_MS = 240_000

let world: World

beforeAll(async () => {
  const place = isFull ? await ownPlace() : await sharedPlace()
  world = { place, operator: await startProxiedOperator(place), ended: [] }
}, TURN_TIMEOUT_MS)
afterAll(async () => {
  await world.operator.end()
  await world.place.end()
})

/** Of the children: what stands in them, and that they are still the same. */
const childrenIn = (objects: readonly KubeObject[]): unknown[] =>
  objects
    .filter(({ kind }) => kind !== 'UserDeployment')
    .map(({ kind, metadata, ...rest }) => {
      const { name, uid, generation, labels, annotations } = metadata
      return { kind, name, uid, generation, labels, annotations, ...rest, status: undefined }
    })

async function untilThere({ deployed }: Subject, count: number, withinMs: number): Promise<void> {
  await eventually(withinMs, async () => {
    const found = await deployed.children('apps/v1', 'Deployment')
    if (found.length !== count) throw new Error(`There are ${found.length} Deployments.`)
  })
}

const views: [string, (call: Call) => boolean][] = [
  ['an old wish beside what was made for the new one', ({ resource }) => resource === 'userdeployments'],
  ...(isFull
    ? ([
        ['nothing but what was', () => true],
        [
          'the new wish beside what was made for the old one',
          ({ resource }) => resource !== 'userdeployments',
        ],
        ['Deployments as they were', ({ resource }) => resource === 'deployments'],
      ] satisfies [string, (call: Call) => boolean][])
    : []),
]

/** How long an operator may do harm that sees what was. */
const BLIND_MS = isFull ? 10_000 : 3_000

const changes = [
  { what: 'one image was changed', carryOut: changeImage },
  ...(isFull ? [{ what: 'everything was changed', carryOut: change }] : []),
]

it.each(
  changes.flatMap(({ what, carryOut }) => views.map(([seen, isOld]) => ({ what, carryOut, seen, isOld }))),
)(
  'harms nothing that is newer when $what and it starts with $seen',
  { timeout: TIMEOUT_MS },
  async ({ carryOut, isOld }) => {
    const { place, operator } = world
    const from = operator.proxy.calls.length
    const subject = await begin(place.cluster)
    await settle(place.cluster, subject)
    const lists = await operator.proxy.recordLists()
    await carryOut(subject)
    await settle(place.cluster, subject)
    const expected = await endOf(world, subject)
    const before = childrenIn(await objectsOf(place.cluster, subject))

    await operator.kill()
    const clear = Promise.withResolvers<undefined>()
    let shown = 0
    operator.proxy.disturb((call) => {
      const list = isStreamedList(call) && isOld(call) ? lists.get(listKey(call)) : undefined
      if (!list) return undefined
      shown++
      return { type: 'replay', list, until: clear.promise }
    })
    await operator.restart()
    await sleep(BLIND_MS)
    expect(shown).toBeGreaterThan(0)
    expect(childrenIn(await objectsOf(place.cluster, subject))).toEqual(before)

    clear.resolve(undefined)
    operator.proxy.disturb()
    await settle(place.cluster, subject)
    await expectEnd(world, { subject, calls: operator.proxy.calls.slice(from) }, expected)
  },
)

atLevel(9, () => {
  // A connection that is dead is noticed by TCP within 35 s (src/kubernetes/half-open.test.ts); this one lives.
  it('hears of a deletion within 90 s of a watch that fell silent', { timeout: TIMEOUT_MS }, async () => {
    const { place, operator } = world
    const subject = await begin(place.cluster)
    await settle(place.cluster, subject)
    await operator.kill()
    const isMeant = (call: Call): boolean => isStreamedList(call) && call.resource === 'deployments'
    operator.proxy.disturb(once(isMeant, 1, { type: 'watch', after: 0, ends: 'silence' }))
    await operator.restart()
    await untilQuiet(world)
    const [deployment] = await subject.deployed.children('apps/v1', 'Deployment')
    const path = await place.cluster.pathOf(deployment as KubeObject)
    await place.cluster.delete(`${path}/${deployment?.metadata.name}`)
    await expect(untilThere(subject, 3, 5_000)).rejects.toThrow('2 Deployments')
    await untilThere(subject, 3, 90_000)
  })

  it('writes nothing when it wakes up and another one leads', { timeout: TIMEOUT_MS }, async () => {
    const { place, operator: first } = world
    const second = await startProxiedOperator(place)
    onTestFinished(async () => second.end())
    const from = first.proxy.calls.length
    let thaw = (): void => undefined
    const isAsleep = Promise.withResolvers<undefined>()
    const freeze = async (): Promise<void> => {
      thaw = first.program.freeze()
      isAsleep.resolve(undefined)
    }
    const subject = await begin(place.cluster, (tenant) =>
      first.proxy.disturb(once(isStep(tenant), 8, { type: 'reset', when: 'before', first: freeze })),
    )
    await isAsleep.promise
    await settle(place.cluster, subject)
    await change(subject)
    await settle(place.cluster, subject)
    const after = { ...world, operator: second }
    await untilAtRest(after)
    const before = first.proxy.calls.length
    thaw()
    await eventually(30_000, async () => {
      if (!first.program.output().includes('The operator ends.')) throw new Error(first.program.output())
    })
    expect(await writesWithin(after, 5_000)).toEqual(new Map())
    expect(countWrites(first.proxy.calls.slice(before))).toEqual(new Map())
    expect(madeTwice(subject, [...first.proxy.calls.slice(from), ...second.proxy.calls])).toEqual([])
  })
})

it(
  `writes nothing but the Lease for ${QUIET_MS / 1000} s after all that`,
  { timeout: TIMEOUT_MS },
  async () => {
    await untilAtRest(world)
    await eventually(OTHERS_MS, async () => expect(await writesWithin(world, QUIET_MS)).toEqual(new Map()))
  },
)
