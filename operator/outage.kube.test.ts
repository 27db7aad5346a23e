/** The parts under the operator die while deployments change, and its objects are deleted one after the other. */
import { afterAll, beforeAll, expect, it } from 'vitest'

import { compact, killPart } from '../e2e/fixtures/control-plane.ts'
import { eventually } from '../e2e/fixtures/cluster.ts'
import { doubles, isStreamedList, isWatch } from '../e2e/fixtures/fault-proxy/call.ts'
import { listKey } from '../e2e/fixtures/fault-proxy/recorded-lists.ts'
import { ownPlace, startProxiedOperator } from '../e2e/fixtures/operator-behind-proxy.ts'
import { createTenant, deploy, type Deployed } from '../e2e/fixtures/operator.ts'
import type { UserDeploymentSpecInput } from '../src/contract/crd/user-deployment.ts'
import { smallService } from '../src/contract/testing/specs.ts'
import { atLevel } from '../src/testing/levels.ts'
import type { KubeObject } from './runtime/cluster.ts'
import {
  begin,
  DEPENDENT,
  normalised,
  objectsOf,
  settle,
  standIn,
  type Subject,
} from './testing/kube-journey.ts'
import { untilAtRest, untilQuiet, writesWithin, type World } from './testing/proxied-journey.ts'
import { MADE_KINDS } from './user-deployment/caches.ts'

const DEPLOYMENTS = 200
const AT_ONCE = 10
/** Whose children are all deleted. */
const BEREFT = 10
const QUIET_MS = 60_000
const TIMEOUT_MS = 580_000
/** Until the operator has made something again. */
const MADE_AGAIN_MS = 30_000
/**
 * Until what waits for pods is there. A ReplicaSet of a deleted Deployment may be in the way of the new one's for an
 * instant; the cluster's controller then tries again, in a queue of all its failures of ten a second, in which those of
 * the outage before stand too (workqueue.DefaultTypedControllerRateLimiter): 50 s were seen.
 */
const PODS_AGAIN_MS = 240_000
/** What people may be told of one deployment through all that. */
const EVENTS_EACH = 8

/** At level 1 an API server dies in `reflector-outage.kube.test.ts`, and the operator in `wire-faults.kube.test.ts`. */
atLevel(9, () => {
  let world: World & { place: Awaited<ReturnType<typeof ownPlace>> }
  const made: Deployed[] = []

  beforeAll(async () => {
    const place = await ownPlace()
    world = { place, operator: await startProxiedOperator(place), ended: [] }
  }, TIMEOUT_MS)
  afterAll(async () => {
    await world.operator.end()
    await world.place.end()
  }, TIMEOUT_MS)

  /** Without pods: they are ready when their objects are. */
  const spec = (revision: number): Partial<UserDeploymentSpecInput> => ({
    revision,
    services: ['web', 'api'].map((name) =>
      smallService({
        name,
        replicas: 0,
        image: `registry.localhost/shipyard/hello:${revision}`,
        configFiles: [{ path: '/etc/hello/message.txt', content: `hello ${revision}\n` }],
      }),
    ),
  })

  /** Some at a time; each again and again while nobody answers. */
  async function eachOf<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
    for (let from = 0; from < all.length; from += AT_ONCE) {
      await Promise.all(
        all.slice(from, from + AT_ONCE).map(async (each) => eventually(60_000, async () => work(each))),
      )
    }
  }

  async function untilAt(revision: number): Promise<void> {
    for (const each of made) {
      await each.until(120_000, ({ phase, readyRevision }) => phase === 'Ready' && readyRevision === revision)
    }
  }

  it(
    `brings ${DEPLOYMENTS} deployments to where they should be while API server and etcd die`,
    { timeout: TIMEOUT_MS },
    async () => {
      const { cluster, stack } = world.place
      const tenants = await Promise.all(
        Array.from({ length: DEPLOYMENTS / 10 }, async () => createTenant(cluster, 'enterprise')),
      )
      const wanted = Array.from({ length: DEPLOYMENTS }, (_, number) => tenants[number % tenants.length])
      const deploying = eachOf(wanted, async (tenant) => {
        if (tenant) made.push(await deploy(cluster, tenant, spec(1)))
      })
      await eventually(60_000, async () => expect(made.length).toBeGreaterThan(DEPLOYMENTS / 4))
      await killPart(stack, 'kube-apiserver')
      await deploying
      await untilAt(1)

      const changing = eachOf(made, async (each) => each.change(spec(2)))
      await killPart(stack, 'etcd')
      await changing
      await untilAt(2)
      expect(doubles(world.operator.proxy.calls)).toEqual([])
    },
  )

  const withoutHistory = (state: unknown): unknown =>
    JSON.parse(JSON.stringify(state).replace(/"deployment.kubernetes.io\/revision":"\d+",?/g, ''))

  async function deleteEach(subject: Subject): Promise<Set<string>> {
    const { cluster } = world.place
    const kinds = new Set<string>()
    const isMade = ({ kind, metadata }: KubeObject): boolean =>
      (MADE_KINDS as readonly string[]).includes(kind) && metadata.name.startsWith(subject.deployed.name)
    for (const child of (await objectsOf(cluster, subject)).filter(isMade)) {
      const { kind, metadata } = child
      const path = `${await cluster.pathOf({ ...child, metadata: { namespace: metadata.namespace ?? '' } })}/${metadata.name}`
      await cluster.delete(path)
      const waitsForPods = kind === 'Deployment' && metadata.name.endsWith(`-${DEPENDENT}`)
      await eventually(waitsForPods ? PODS_AGAIN_MS : MADE_AGAIN_MS, async () => {
        await standIn(cluster, subject)
        const { metadata: now } = await cluster.get<KubeObject>(path)
        if (now.uid === metadata.uid) throw new Error(`${path} is still the old one.`)
      })
      kinds.add(kind)
    }
    return kinds
  }

  it('goes on from a new list when the versions it knows are gone', { timeout: TIMEOUT_MS }, async () => {
    const { place, operator } = world
    await untilQuiet(world)
    const from = operator.proxy.calls.length
    operator.proxy.disturb((call) => (isWatch(call) ? { type: 'answer', status: 503 } : undefined))
    operator.proxy.cut()
    await eachOf(made, async (each) => each.change(spec(3)))
    await compact(place.stack)
    // A new API server remembers nothing from before its start.
    await killPart(place.stack, 'kube-apiserver')
    operator.proxy.disturb()
    await untilAt(3)
    const lists = operator.proxy.calls.slice(from).filter(isStreamedList)
    expect(lists.length).toBeGreaterThan(0)
    for (const calls of Map.groupBy(lists, listKey).values()) expect(calls.length).toBeLessThanOrEqual(2)
    expect(doubles(operator.proxy.calls)).toEqual([])
  })

  it('makes each child again, of whatever kind, that somebody deletes', { timeout: TIMEOUT_MS }, async () => {
    const { cluster } = world.place
    const subjects = await Promise.all(Array.from({ length: BEREFT }, async () => begin(cluster)))
    await Promise.all(
      subjects.map(async (subject) => {
        await settle(cluster, subject, PODS_AGAIN_MS)
        const before = withoutHistory(normalised(await objectsOf(cluster, subject), subject))
        expect([...(await deleteEach(subject))].toSorted()).toEqual(
          MADE_KINDS.filter((kind) => kind !== 'Middleware').toSorted(),
        )
        await settle(cluster, subject, PODS_AGAIN_MS)
        await expect
          .poll(async () => withoutHistory(normalised(await objectsOf(cluster, subject), subject)), {
            timeout: 30_000,
          })
          .toEqual(before)
      }),
    )
  })

  it(
    `comes to rest: nothing but the Lease is written for ${QUIET_MS / 1000} s, and few events were told`,
    { timeout: TIMEOUT_MS },
    async () => {
      await untilAtRest(world)
      expect(await writesWithin(world, QUIET_MS)).toEqual(new Map())
      const { items } = await world.place.cluster.get<{ items: { reportingController?: string }[] }>(
        '/apis/events.k8s.io/v1/events',
      )
      const told = items.filter(({ reportingController = '' }) =>
        reportingController.startsWith('scheduler.'),
      )
      expect(told.length).toBeLessThan((made.length + BEREFT) * EVENTS_EACH)
    },
  )
})
