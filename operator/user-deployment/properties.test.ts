/** What holds for every deployment and every order of events. fast-check prints the seed of a failure. */
import fc from 'fast-check'
import { expect, inject, it } from 'vitest'

import type { KubeObject } from '../runtime/cluster.ts'
import { arbitraryLife, arbitraryResource } from '../testing/arbitrary-resource.ts'
import { expectSame } from '../testing/expect-same.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import {
  arbitraryMishap,
  calmed,
  disturb,
  outcomeOf,
  turns,
  undisturbed,
  writesAfterwards,
} from '../testing/mishaps.ts'
import { putNamespace, putResource } from '../testing/populate.ts'
import { testSettings } from '../testing/resources.ts'
import { slotOf } from './manifest.ts'
import { renderUserDeployment } from './render.ts'

/** Nothing that is generated is refused: what a refusal leaves as it was depends on what was there before. */
const settings = testSettings({ PRIVATE_EGRESS: '10.0.0.0/8' })
/** More cases in the full run; the most are among the small lives (small-lives-first.test.ts). */
const times = (count: number): number => (inject('testLevel') >= 9 ? count * 10 : count)

it(
  'comes to the same end whatever happens on the way, and then writes nothing more',
  { timeout: 600_000 },
  async () => {
    const life = fc.tuple(arbitraryLife, fc.array(fc.tuple(arbitraryMishap, fc.nat(12)), { maxLength: 6 }))
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
        await calmed(operator)
        expectSame(outcomeOf(operator, last), await undisturbed(last, settings))
        expect(await writesAfterwards(operator)).toEqual([])
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
          const expected = await undisturbed(last, settings)
          for (let at = 0; ; at++) {
            const operator = new MemoryOperator(settings)
            putNamespace(operator.cluster, last)
            for (const resource of specs.slice(0, -1)) putResource(operator.cluster, resource)
            await operator.settle()
            putResource(operator.cluster, last)
            operator.cluster.cut = { at, when }
            await operator.settle()
            const wasCut = operator.cluster.cut === undefined
            expectSame(outcomeOf(operator, last), expected)
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
