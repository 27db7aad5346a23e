/**
 * What the operator sees is not what is: events that never come, or come twice, a list of long ago, calls that are
 * answered with an error. Once it sees clearly again all is as it would have been anyway.
 */
import { expect, inject, it } from 'vitest'

import type { KubeObject } from '../runtime/cluster.ts'
import { JOURNEYS } from '../testing/journeys.ts'
import type { Cut, MemoryCluster } from '../testing/memory-cluster.ts'
import { rest, restarted, walk } from '../testing/walk.ts'

const chosen = new Set([
  'create hello-stack',
  'create database',
  'another image and another configuration',
  'another version of a secret',
  'a service less, a service renamed',
  'a service taken away and given back at once',
  'delete and create again with the kept volume',
  'two deployments fight for a host',
])
const journeys = JOURNEYS.filter(({ name }) => chosen.has(name))

it.each(journeys)('makes up for any one event that it was not told: $name', async (journey) => {
  const { findings: expected } = await walk(journey)
  let isLost = true
  for (let lost = 0; isLost; lost++) {
    const arrival = await walk(journey, { lost })
    expect(arrival.findings, `event ${lost} is lost`).toEqual(expected)
    isLost = lost < arrival.cluster.history.count
  }
})

it.each(journeys)('is not misled by events that come twice: $name', async (journey) => {
  const { findings: expected } = await walk(journey)
  const arrival = await walk(journey, { times: 2 })
  expect(arrival.findings, 'every event comes twice').toEqual(expected)
})

const REFUSALS: Pick<Cut, 'when' | 'how'>[] = [
  ...[409, 410, 429, 500].map((how) => ({ when: 'before' as const, how })),
  { when: 'after', how: 0 },
  { when: 'after', how: 500 },
]

/** Each call in turn, in each way: those with the most kinds of calls only, but in the full run. */
const DENSE = new Set(['create database', 'another version of a secret', 'two deployments fight for a host'])
const dense = inject('testLevel') >= 9 ? JOURNEYS : JOURNEYS.filter(({ name }) => DENSE.has(name))

it.each(dense)('goes on after any answer to any call: $name', async (journey) => {
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

it.each(journeys)('harms nothing when it starts from any list of before: $name', async (journey) => {
  const { findings: expected, cluster: undisturbed } = await walk(journey)
  for (let count = 0; count < undisturbed.history.count; count++) {
    const { cluster } = await walk(journey)
    const before = cluster.objects.everything()
    cluster.history.goBack(count)
    const operator = restarted(cluster)
    for (let turn = 0; turn < BLIND_TURNS; turn++) {
      cluster.deliver()
      await operator.turn()
    }
    const harmed = before.filter((each) => each.kind !== 'UserDeployment' && !stands(cluster, each))
    expect(harmed, `what is newer than event ${count}`).toEqual([])
    cluster.relist()
    expect(await rest(operator), `a list of event ${count}`).toEqual(expected)
  }
})

const stands = ({ objects }: MemoryCluster, object: KubeObject): boolean =>
  objects.get(object.kind, object.metadata) === object
