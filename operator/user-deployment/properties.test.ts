/** What holds for every deployment and every order of events. fast-check prints the seed of a failure. */
import fc from 'fast-check'
import { expect, inject, it } from 'vitest'

import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import { arbitraryLife, arbitraryResource } from '../testing/arbitrary-resource.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { ownedBy } from '../testing/normalise.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { testSettings } from '../testing/resources.ts'
import { MADE_KINDS } from './caches.ts'
import { slotOf } from './manifest.ts'
import { renderUserDeployment } from './render.ts'

/** Nothing that is generated is refused: what a refusal leaves as it was depends on what was there before. */
const settings = testSettings({ PRIVATE_EGRESS: '10.0.0.0/8' })
/** More cases in the full run. */
const times = (count: number): number => (inject('testLevel') >= 9 ? count * 30 : count)

/** Where a deployment ends when nothing ever goes wrong. */
async function undisturbed(
  resource: UserDeployment,
): Promise<{ owned: Record<string, unknown>; phase: unknown }> {
  const operator = new MemoryOperator(settings)
  putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await operator.settle()
  return outcome(operator, resource)
}

const outcome = (
  { cluster }: MemoryOperator,
  resource: UserDeployment,
): { owned: Record<string, unknown>; phase: unknown } => ({
  owned: ownedBy(cluster, resource),
  phase: statusOf(cluster, resource)?.phase,
})

/** What else may happen between two edits. */
type Mishap =
  | { type: 'delete-child' | 'edit-child'; pick: number }
  | { type: 'restart' | 'lose-events' | 'resync' | 'lag' }
  | { type: 'cut'; at: number; when: 'before' | 'after' }

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({ type: fc.constantFrom('delete-child', 'edit-child'), pick: fc.nat(1000) }),
  fc.record({ type: fc.constantFrom('restart', 'lose-events', 'resync', 'lag') }),
  fc.record({ type: fc.constant('cut'), at: fc.nat(30), when: fc.constantFrom('before', 'after') }),
) as fc.Arbitrary<Mishap>

function childOf(
  { cluster }: MemoryOperator,
  resource: UserDeployment,
  pick: number,
): KubeObject | undefined {
  const uid = cluster.objects.get('UserDeployment', resource.metadata)?.metadata.uid
  const children = MADE_KINDS.flatMap((kind) => cluster.objects.all(kind)).filter(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.uid === uid),
  )
  return children[pick % Math.max(children.length, 1)]
}

function disturb(operator: MemoryOperator, resource: UserDeployment, event: Mishap): MemoryOperator {
  const { cluster } = operator
  if (event.type === 'restart') {
    cluster.forgetCaches()
    return new MemoryOperator(settings, cluster)
  }
  if (event.type === 'lose-events') cluster.deliver(true)
  if (event.type === 'resync') operator.resync()
  if (event.type === 'cut') cluster.cut = { at: event.at, when: event.when }
  if (event.type === 'delete-child' || event.type === 'edit-child') {
    meddle(operator, childOf(operator, resource, event.pick), event.type)
  }
  return operator
}

/** Somebody with kubectl. */
function meddle({ cluster }: MemoryOperator, child: KubeObject | undefined, how: string): void {
  if (!child) return
  if (how === 'delete-child') cluster.objects.drop(child)
  // A ConfigMap of ours is immutable: the API server refuses to change it.
  else if (child.kind !== 'ConfigMap')
    cluster.objects.replace({ ...child, spec: keyFields(child) } as KubeObject)
}

/** What the API server does not let anybody take away. */
const keyFields = (child: KubeObject): object => {
  const { spec } = child as { spec?: { clusterIP?: unknown; template?: unknown } }
  return {
    ...(spec?.clusterIP ? { clusterIP: spec.clusterIP } : {}),
    ...(spec?.template ? { template: spec.template } : {}),
  }
}

/** Some turns only, so that the next event comes in the middle of the work. */
async function turns(operator: MemoryOperator, count: number, isLagging: boolean): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    if (!isLagging) operator.cluster.deliver()
    await operator.turn()
  }
}

it(
  'comes to the same end whatever happens on the way, and then writes nothing more',
  { timeout: 600_000 },
  async () => {
    const life = fc.tuple(arbitraryLife, fc.array(fc.tuple(mishap, fc.nat(12)), { maxLength: 6 }))
    await fc.assert(
      fc.asyncProperty(life, async ([specs, mishaps]) => {
        let operator = new MemoryOperator(settings)
        const [first] = specs
        const last = specs.at(-1)
        if (!first || !last) return
        putNamespace(operator.cluster, first)
        for (const [at, resource] of specs.entries()) {
          putResource(operator.cluster, resource)
          for (const [event, count] of mishaps.filter((_, index) => index % specs.length === at)) {
            operator = disturb(operator, resource, event)
            await turns(operator, count, event.type === 'lag')
          }
        }
        operator.cluster.cut = undefined
        operator.cluster.deliver()
        operator.resync()
        await operator.settle()
        expect(outcome(operator, last)).toEqual(await undisturbed(last))

        const { writes } = operator.cluster.objects
        writes.length = 0
        operator.resync()
        await operator.settle()
        expect(writes).toEqual([])
      }),
      { numRuns: times(100) },
    )
  },
)

it(
  'comes to the same end when any single call is cut, before or after it took effect',
  { timeout: 600_000 },
  async () => {
    let cuts = 0
    await fc.assert(
      fc.asyncProperty(
        arbitraryLife,
        fc.constantFrom('before' as const, 'after' as const),
        async (specs, when) => {
          const last = specs.at(-1)
          if (!last) return
          const expected = await undisturbed(last)
          for (let at = 0; ; at++) {
            const operator = new MemoryOperator(settings)
            putNamespace(operator.cluster, last)
            for (const resource of specs.slice(0, -1)) putResource(operator.cluster, resource)
            await operator.settle()
            putResource(operator.cluster, last)
            operator.cluster.cut = { at, when }
            await operator.settle()
            const wasCut = operator.cluster.cut === undefined
            expect(outcome(operator, last)).toEqual(expected)
            if (!wasCut) break
            cuts++
          }
        },
      ),
      { numRuns: times(4) },
    )
    expect(cuts).toBeGreaterThan(50)
  },
)

it('leaves every object alone that it did not make', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryLife,
      fc.uniqueArray(fc.nat(100), { minLength: 1, maxLength: 4 }),
      async (specs, picks) => {
        const last = specs.at(-1)
        if (!last) return
        const operator = new MemoryOperator(settings)
        const wanted = renderUserDeployment(last, settings)
        const places = new Map(picks.map((pick) => [`${pick % wanted.length} ${pick % 2}`, pick]))
        const foreign = [...places.values()].map((pick) => {
          const { apiVersion = 'v1', kind = 'Service', metadata } = wanted[pick % wanted.length] ?? {}
          const { name = 'x', namespace = '' } = metadata ?? {}
          return operator.cluster.objects.replace({
            apiVersion,
            kind,
            metadata: { name: pick % 2 === 0 ? name : `${name}-x`, namespace },
            spec: {},
          } as KubeObject)
        })
        putNamespace(operator.cluster, last)
        for (const resource of specs) {
          putResource(operator.cluster, resource)
          await operator.settle()
        }
        for (const each of foreign)
          expect(operator.cluster.objects.get(each.kind, each.metadata)).toEqual(each)
      },
    ),
    { numRuns: times(60) },
  )
})

it('never gives two deployments an object of the same name', () => {
  fc.assert(
    fc.property(arbitraryResource, arbitraryResource, (a, b) => {
      fc.pre(a.metadata.name !== b.metadata.name)
      // Even with the very same services in the very same namespace.
      const other = { ...b, metadata: { ...b.metadata, namespace: a.metadata.namespace }, spec: a.spec }
      const slots = new Set(renderUserDeployment(a, settings).map(slotOf))
      expect(renderUserDeployment(other, settings).filter((object) => slots.has(slotOf(object)))).toEqual([])
    }),
    { numRuns: times(200) },
  )
})

it('renders equal objects from equal resources, each in a place of its own with a name that Kubernetes takes', () => {
  fc.assert(
    fc.property(arbitraryResource, (resource) => {
      const objects = renderUserDeployment(resource, settings)
      expect(renderUserDeployment(structuredClone(resource), settings)).toEqual(objects)
      expect(new Set(objects.map(slotOf)).size).toBe(objects.length)
      for (const { metadata } of objects) {
        expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
        for (const label of Object.values(metadata.labels ?? {})) expect(label).toMatch(/^[\w.-]{1,63}$/)
      }
    }),
    { numRuns: times(200) },
  )
})
