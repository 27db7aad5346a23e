/**
 * What the operator sees is not what is: events that never come, or come twice, a list of long ago, calls that are
 * answered with an error. Once it sees clearly again all is as it would have been anyway.
 */
import { expect, inject, it } from 'vitest'

import type { KubeObject } from '../runtime/cluster.ts'
import { JOURNEYS } from '../testing/journeys.ts'
import type { Cut, MemoryCluster } from '../testing/memory-cluster.ts'
import { rest, walk } from '../testing/walk.ts'

/** Hundreds of lives each; on a machine that is busy they take their time. */
const TIMEOUT_MS = 600_000

const isFull = inject('testLevel') >= 9
/** Those with the most kinds of calls and changes; all in the full run. */
const TELLING = new Set([
  'create database',
  'another version of a secret',
  'a service taken away and given back at once',
  'two deployments fight for a host',
])
const journeys = isFull ? JOURNEYS : JOURNEYS.filter(({ name }) => TELLING.has(name))

it.each(journeys)(
  'makes up for any one event that it was not told: $name',
  { timeout: TIMEOUT_MS },
  async (journey) => {
    const { findings: expected } = await walk(journey)
    let isLost = true
    for (let lost = 0; isLost; lost++) {
      const arrival = await walk(journey, { lost })
      expect(arrival.findings, `event ${lost} is lost`).toEqual(expected)
      isLost = lost < arrival.cluster.history.count
    }
  },
)

it.each(journeys)(
  'is not misled by events that come twice: $name',
  { timeout: TIMEOUT_MS },
  async (journey) => {
    const { findings: expected } = await walk(journey)
    const arrival = await walk(journey, { times: 2 })
    expect(arrival.findings, 'every event comes twice').toEqual(expected)
  },
)

const ANSWERS = isFull ? [409, 410, 429, 500] : [409, 500]
const REFUSALS: Pick<Cut, 'when' | 'how'>[] = [
  ...ANSWERS.map((how) => ({ when: 'before' as const, how })),
  { when: 'after', how: 0 },
  ...(isFull ? [{ when: 'after' as const, how: 500 }] : []),
]

it.each(journeys)('goes on after any answer to any call: $name', { timeout: TIMEOUT_MS }, async (journey) => {
  const { findings: expected } = await walk(journey)
  for (const refusal of REFUSALS) {
    for (let at = 0, isOver = false; !isOver; at++) {
      const arrival = await walk(journey, { cut: { at, ...refusal } })
      expect(
        arrival.findings,
        `call ${at} is answered ${refusal.how} ${refusal.when} it takes effect`,
      ).toEqual(expected)
      isOver = arrival.wasSpared
    }
  }
})

/** Turns for an operator that can see nothing new. */
const BLIND_TURNS = 30

it.each(journeys)(
  'harms nothing when it starts from any list of before: $name',
  { timeout: TIMEOUT_MS },
  async (journey) => {
    const { findings: expected, cluster: undisturbed } = await walk(journey)
    for (let count = 0; count < undisturbed.history.count; count++) {
      const { cluster, operator: former } = await walk(journey)
      const before = cluster.objects.everything()
      cluster.history.goBack(count)
      const operator = former.restarted()
      for (let turn = 0; turn < BLIND_TURNS; turn++) {
        cluster.deliver()
        await operator.turn()
      }
      const harmed = before.filter((each) => each.kind !== 'UserDeployment' && !stands(cluster, each))
      expect(harmed, `what is newer than event ${count}`).toEqual([])
      cluster.relist()
      expect(await rest(operator), `a list of event ${count}`).toEqual(expected)
    }
  },
)

const stands = ({ objects }: MemoryCluster, object: KubeObject): boolean =>
  objects.get(object.kind, object.metadata) === object
