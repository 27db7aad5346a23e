/** Journeys of deployments under an operator whose way to the API server is disturbed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'

import { eventually } from '../../e2e/fixtures/cluster.ts'
import { countWrites, doubles, isWrite, type Call } from '../../e2e/fixtures/fault-proxy/call.ts'
import { once, type Plan } from '../../e2e/fixtures/fault-proxy/faults.ts'
import type { Tenant } from '../../e2e/fixtures/operator.ts'
import type { Place, ProxiedOperator } from '../../e2e/fixtures/operator-behind-proxy.ts'
import { begin, change, normalised, objectsOf, settle, type Subject } from './kube-journey.ts'

export interface World {
  readonly place: Place
  readonly operator: ProxiedOperator
  /** Journeys that have come to their end. */
  readonly ended: { readonly namespace: string; readonly at: number }[]
}

export interface Walked {
  readonly subject: Subject
  /** That were made meanwhile. */
  readonly calls: readonly Call[]
}

interface Disturbed {
  readonly planFor?: (tenant: Tenant) => Plan
  /** How long it is disturbed; default: until the end of the journey. */
  readonly forMs?: number
}

/** A deployment is made, and changed; in the end nothing disturbs any more. */
export async function walk(
  { place: { cluster }, operator: { proxy } }: World,
  { planFor, forMs }: Disturbed = {},
): Promise<Walked> {
  const from = proxy.calls.length
  const subject = await begin(cluster, (tenant) => proxy.disturb(planFor?.(tenant)))
  const isOver = sleep(forMs ?? 0).then(() => forMs !== undefined && proxy.disturb())
  await settle(cluster, subject)
  await change(subject)
  await isOver
  await settle(cluster, subject)
  proxy.disturb()
  return { subject, calls: proxy.calls.slice(from) }
}

/** What it has come to. Ready is said before the last of what is no longer used is gone. */
export async function endOf(world: World, subject: Subject): Promise<unknown> {
  await untilQuiet(world, subject)
  return stateNow(world, subject)
}

/** All that it is at this moment. */
const stateNow = async ({ place: { cluster } }: World, subject: Subject): Promise<unknown> =>
  normalised(await objectsOf(cluster, subject), subject)

/** In its namespace alone: where the API server is shared, others delete what is theirs, and it is rightly made again. */
export const madeTwice = ({ tenant }: Subject, calls: readonly Call[]): string[] =>
  doubles(calls.filter(({ namespace }) => namespace === tenant.namespace))

/** Comes to the same end, which lasts, and made nothing twice. */
export async function expectEnd(world: World, { subject, calls }: Walked, expected: unknown): Promise<void> {
  await expect.poll(async () => stateNow(world, subject), { timeout: 30_000 }).toEqual(expected)
  expect(madeTwice(subject, calls)).toEqual([])
  world.ended.push({ namespace: subject.tenant.namespace, at: performance.now() })
}

/** An autoscaler may be heard of after its journey. */
const LAST_WORD_MS = 30_000

/**
 * What was written about a journey that had come to its end, whatever befell the operator meanwhile. (One that was not told
 * of an object tries to create it, and is refused.)
 */
export function writesAfterTheEnd({ operator: { proxy }, ended }: World): string[] {
  const endedAt = new Map(ended.map(({ namespace, at }) => [namespace, at]))
  return proxy.calls
    .filter(({ namespace = '', at }) => at > (endedAt.get(namespace) ?? Infinity) + LAST_WORD_MS)
    .filter((call) => isWrite(call) && call.resource !== 'events' && (call.status ?? 0) < 300)
    .map(({ method, url }) => `${method} ${url}`)
}

/** What is written for so long, but the Lease. */
export async function writesWithin(
  { operator: { proxy } }: World,
  forMs: number,
): Promise<Map<string, number>> {
  const before = proxy.calls.length
  await sleep(forMs)
  return countWrites(proxy.calls.slice(before))
}

/** Waits until nothing is written any more: of this deployment, or of all. */
export async function untilQuiet(world: World, subject?: Subject): Promise<void> {
  const isMeant = subject ? isStep(subject.tenant) : isWrite
  const { proxy } = world.operator
  await eventually(30_000, async () => {
    const before = proxy.calls.length
    await sleep(2_000)
    expect(countWrites(proxy.calls.slice(before).filter(isMeant))).toEqual(new Map())
  })
}

/**
 * Waits until nobody has anything to say any more. An autoscaler says for the first time after up to 15 s whether it can
 * measure the load, and the operator passes it on.
 */
export async function untilAtRest(world: World): Promise<void> {
  await eventually(90_000, async () => {
    const { items } = await world.place.cluster.get<{ items: Autoscaler[] }>(
      '/apis/autoscaling/v2/horizontalpodautoscalers',
    )
    const silent = items.filter(
      ({ status }) => !status?.conditions?.some(({ type }) => type === 'ScalingActive'),
    )
    expect(silent.map(({ metadata }) => metadata.name)).toEqual([])
  })
  await untilQuiet(world)
}

interface Autoscaler {
  metadata: { name: string }
  status?: { conditions?: { type: string }[] }
}

/** Events are told beside the work; they are no step of it. */
export const isStep =
  ({ namespace }: Pick<Tenant, 'namespace'>) =>
  (call: Call): boolean =>
    isWrite(call) && call.resource !== 'events' && call.namespace === namespace

interface Death {
  /** Number of the write, from 1. */
  readonly at: number
  readonly when: 'before' | 'after'
}

/**
 * The operator is killed at a write of a journey, and another one goes on. How often a status is written depends on how
 * much comes together between two looks: where there is no such write this time, it dies after the last one.
 */
export async function walkWithDeath(world: World, { at, when }: Death): Promise<Walked> {
  const { operator } = world
  let revival: Promise<void> | undefined
  const first = async (): Promise<void> => {
    await operator.kill()
    revival = operator.restart()
    // Its failure is told below, whenever it comes.
    revival.catch(() => undefined)
  }
  const walked = await walk(world, {
    planFor: (tenant) => once(isStep(tenant), at, { type: 'reset', when, first }),
  })
  if (!revival) await first()
  await revival
  return walked
}
