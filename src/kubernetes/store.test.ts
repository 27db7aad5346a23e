import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { KubeObject } from './object.ts'
import { Index, MutableStore } from './store.ts'

function object(name: string, owners: string[], app?: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: name < 'c' ? 'first' : 'second',
      labels: app === undefined ? {} : { app },
      ownerReferences: owners.map((uid) => ({ apiVersion: 'v1', kind: 'X', name: uid, uid })),
    },
  }
}

const ownersOf = ({ metadata }: KubeObject): string[] => metadata.ownerReferences?.map(({ uid }) => uid) ?? []
const appsOf = ({ metadata }: KubeObject): string[] => (metadata.labels?.app ? [metadata.labels.app] : [])

const names = fc.constantFrom('a', 'b', 'c', 'd')
const step = fc.oneof(
  fc.record({ put: names, owners: fc.subarray(['o1', 'o2']), app: fc.constantFrom(undefined, 'x', 'y') }),
  fc.record({ remove: names }),
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What stands in several stores after some steps: the even ones go into one, the odd ones into the other. */
function take(
  steps: readonly Step[],
  indexes: readonly Index[],
): { truth: Map<string, KubeObject>; size: number } {
  const stores = [new MutableStore(indexes), new MutableStore(indexes)]
  const truth = new Map<string, KubeObject>()
  for (const [at, each] of steps.entries()) {
    const name = 'put' in each ? each.put : each.remove
    const key = `${at % 2} ${name}`
    const known = truth.get(key)
    const store = stores[at % 2] ?? new MutableStore()
    const made = 'put' in each ? object(each.put, each.owners, each.app) : undefined
    const answer = made ? store.put(made) : store.remove(`${name < 'c' ? 'first' : 'second'}/${name}`)
    expect(answer).toBe(known)
    if (made) truth.set(key, made)
    else truth.delete(key)
    expect(store.get({ namespace: name < 'c' ? 'first' : 'second', name })).toBe(made)
  }
  expect(new Set(stores.flatMap((store) => [...store.values()]))).toEqual(new Set(truth.values()))
  expect(stores.flatMap((store) => [...store.keys()]).toSorted()).toEqual(
    [...truth.values()].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).toSorted(),
  )
  return { truth, size: stores.reduce((sum, store) => sum + store.size, 0) }
}

it('finds by each index exactly what a search through all of its stores would find, and each once', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const [owned, labelled] = [new Index(ownersOf), new Index(appsOf)]
      const { truth, size } = take(steps, [owned, labelled])
      const all = [...truth.values()]
      expect(size).toBe(all.length)
      for (const [index, valuesOf, values] of [
        [owned, ownersOf, ['o1', 'o2', 'o3']],
        [labelled, appsOf, ['x', 'y']],
      ] as const) {
        for (const value of values) {
          const expected = all.filter((each) => valuesOf(each).includes(value))
          expect(index.of(value)).toHaveLength(expected.length)
          expect(new Set(index.of(value))).toEqual(new Set(expected))
        }
      }
    }),
  )
})

it('reads by name, with or without a namespace', () => {
  const store = new MutableStore()
  const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }
  store.put(node)
  expect(store.get({ name: 'n' })).toBe(node)
  expect(store.has({ name: 'n', namespace: 'x' })).toBe(false)
  expect([...store.keys()]).toEqual(['n'])
  expect(store.remove('x/n')).toBeUndefined()
  expect(store.remove('n')).toBe(node)
  expect([store.size, ...store.keys()]).toEqual([0])
})

it('exchanges exactly what is there, in its indexes too, and makes nothing for what is not', () => {
  const index = new Index(appsOf)
  const store = new MutableStore([index])
  const [stale, before, after] = [object('a', [], 'x'), object('a', [], 'x'), object('a', [], 'x')]
  store.put(before)
  store.exchange(stale, () => {
    throw new Error('it is not there')
  })
  store.exchange(before, () => after)
  expect([...store.values(), ...index.of('x')]).toEqual([after, after])
  expect(store.get(after.metadata)).toBe(after)
})

it('files an object once that an indexer names twice', () => {
  const twice = new Index(() => ['a', 'a'])
  const store = new MutableStore([twice])
  store.put(object('a', []))
  store.put(object('b', []))
  store.put(object('a', []))
  expect(twice.of('a').map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
})

it('stores what an indexer cannot read, finds it no more under what it was, and says so', () => {
  const told: unknown[] = []
  const named = new Index(({ metadata }) => {
    if (metadata.labels?.app === 'y') throw new Error('nonsense')
    return ['x']
  })
  const store = new MutableStore([named], (error) => told.push(error))
  store.put(object('a', [], 'x'))
  const nonsense = object('a', [], 'y')
  store.put(nonsense)
  expect([...store.values()]).toEqual([nonsense])
  expect([named.of('x'), told]).toEqual([[], [new Error('nonsense')]])
  store.put(object('a', [], 'x'))
  expect(named.of('x')).toHaveLength(1)
  expect(() => new MutableStore([named]).put(nonsense)).toThrow('nonsense')
})
