/** What is asked of the cluster, and kept: memory grows with our objects, not with the cluster. */
import { expect, it } from 'vitest'

import type { CacheSelection, Cluster } from '../runtime/cluster.ts'
import { FakeCache } from '../runtime/testing/fake-cache.ts'
import { LABELS, MANAGED_BY } from '../../src/contract/crd/meta.ts'
import { declareCaches } from './caches.ts'
import type { LiveEvent } from './observed.ts'

function declared(): CacheSelection<LiveEvent>[] {
  const selections: CacheSelection<LiveEvent>[] = []
  const cache = (selection: CacheSelection<LiveEvent>): unknown => {
    selections.push(selection)
    return new FakeCache(selection.kind)
  }
  declareCaches({ cache } as unknown as Cluster)
  return selections
}

const kindsWhere = (is: (selection: CacheSelection<LiveEvent>) => unknown): string[] =>
  declared()
    .filter(is)
    .map(({ kind }) => kind)

it('watches by our label what is made in namespaces, and only events by what they are about', () => {
  expect(kindsWhere(({ labels }) => labels?.[LABELS.managedBy] !== MANAGED_BY)).toEqual([
    'UserDeployment',
    'Event',
    'Event',
  ])
  expect(kindsWhere(({ fields }) => fields)).toEqual(['Event', 'Event'])
})

it('has no contents where existence is enough', () => {
  expect(kindsWhere(({ metadataOnly }) => metadataOnly)).toEqual(['ConfigMap', 'Namespace'])
})

it('keeps a part at most of everything that comes often or is large', () => {
  expect(kindsWhere(({ trim, essence, metadataOnly }) => !trim && !essence && !metadataOnly)).toEqual([
    'UserDeployment',
  ])
})

it('keeps what is said of parts of our deployments, of all that is said in the cluster', () => {
  const event = (name?: string): LiveEvent => ({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'x', namespace: 'ns' },
    ...(name === undefined ? {} : { regarding: { name } }),
  })
  const about = [
    'abcdefghij-web-6d4b75cb6d-x2x4x',
    'coredns-5d78c9869d-abcde',
    'abcdefghij',
    'abc',
    undefined,
  ]
  const [first, second] = declared().filter(({ kind }) => kind === 'Event')
  const expected = [true, false, true, false, false]
  expect(about.map((name) => first?.keeps?.(event(name)))).toEqual(expected)
  expect(about.map((name) => second?.keeps?.(event(name)))).toEqual(expected)
})
