import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { KubeObject } from './object.ts'
import { byLabel, byNamespace, byOwner, MutableStore } from './store.ts'

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

const names = fc.constantFrom('a', 'b', 'c', 'd')
const step = fc.oneof(
  fc.record({ put: names, owners: fc.subarray(['o1', 'o2']), app: fc.constantFrom(undefined, 'x', 'y') }),
  fc.record({ remove: names }),
)

it('finds by each index exactly what a search through all would find', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const store = new MutableStore({ owner: byOwner, app: byLabel('app'), namespace: byNamespace })
      const truth = new Map<string, KubeObject>()
      const before = steps.map((each) => {
        const name = 'put' in each ? each.put : each.remove
        const known = truth.get(name)
        if ('put' in each) {
          const made = object(each.put, each.owners, each.app)
          truth.set(name, made)
          return [store.put(made), known]
        }
        truth.delete(name)
        return [store.remove(`${name < 'c' ? 'first' : 'second'}/${name}`), known]
      })
      expect(before.map(([answered]) => answered)).toEqual(before.map(([, known]) => known))
      const all = [...truth.values()]
      expect(new Set(store.values())).toEqual(new Set(all))
      expect(store.size).toBe(all.length)
      for (const owner of ['o1', 'o2', 'o3']) {
        expect(new Set(store.by('owner', owner))).toEqual(
          new Set(all.filter((each) => byOwner(each).includes(owner))),
        )
      }
      for (const app of ['x', 'y']) {
        expect(new Set(store.by('app', app))).toEqual(
          new Set(all.filter(({ metadata }) => metadata.labels?.app === app)),
        )
      }
      expect(store.by('namespace', 'first')).toHaveLength(
        all.filter(({ metadata }) => metadata.name < 'c').length,
      )
    }),
  )
})

it('reads by name, and says which index is not there', () => {
  const store = new MutableStore()
  const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }
  store.put(node)
  expect(store.get({ name: 'n' })).toBe(node)
  expect(store.has({ name: 'n', namespace: 'x' })).toBe(false)
  expect(byNamespace(node)).toEqual([])
  expect(byOwner(node)).toEqual([])
  expect(() => store.by('owner', 'x')).toThrow('There is no index "owner" on this store.')
})
