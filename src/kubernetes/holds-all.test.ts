import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fingerprint, isSameJson } from './canonical.ts'
import { holdsAll } from './holds-all.ts'
import type { KubeObject } from './object.ts'

function deployment(spec: object, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', ...metadata },
    spec,
  } as KubeObject
}

const pod = (spec: object): KubeObject => deployment({ template: { spec } })
const container = (fields: object): KubeObject => pod({ containers: [{ name: 'web', ...fields }] })

interface Case {
  what: string
  live: KubeObject
  desired: KubeObject
  holds: boolean
}

const cases: Case[] = [
  {
    what: 'fields that the API server filled in',
    live: deployment(
      { replicas: 2, strategy: { type: 'RollingUpdate' } },
      { uid: 'u', labels: { a: '1', b: '2' } },
    ),
    desired: deployment({ replicas: 2 }, { labels: { a: '1' } }),
    holds: true,
  },
  {
    what: 'another value',
    live: deployment({ replicas: 3 }),
    desired: deployment({ replicas: 2 }),
    holds: false,
  },
  {
    what: 'a field that is not there',
    live: deployment({}),
    desired: deployment({ replicas: 0 }),
    holds: false,
  },
  {
    what: 'fields that ask for nothing',
    live: deployment({}),
    desired: deployment({ replicas: undefined, paused: null }),
    holds: true,
  },
  {
    what: 'a container that somebody added beside ours, in front',
    live: pod({ containers: [{ name: 'proxy' }, { name: 'web', image: 'a', terminationMessagePath: '/x' }] }),
    desired: pod({ containers: [{ name: 'web', image: 'a' }] }),
    holds: true,
  },
  {
    what: 'a container of ours that is not there',
    live: pod({ containers: [{ name: 'proxy', image: 'a' }] }),
    desired: pod({ containers: [{ name: 'web', image: 'a' }] }),
    holds: false,
  },
  {
    what: 'arguments with one more',
    live: container({ args: ['a', 'b'] }),
    desired: container({ args: ['a'] }),
    holds: false,
  },
  {
    what: 'arguments in another order',
    live: container({ args: ['b', 'a'] }),
    desired: container({ args: ['a', 'b'] }),
    holds: false,
  },
  {
    what: 'a variable without a value, which comes back without one',
    live: container({ env: [{ name: 'X' }] }),
    desired: container({ env: [{ name: 'X', value: '' }] }),
    holds: true,
  },
  {
    what: 'a variable with a value where none is wanted',
    live: container({ env: [{ name: 'X', value: 'y' }] }),
    desired: container({ env: [{ name: 'X', value: '' }] }),
    holds: false,
  },
  {
    what: 'a port whose protocol was filled in',
    live: container({ ports: [{ containerPort: 80, protocol: 'TCP' }] }),
    desired: container({ ports: [{ containerPort: 80 }] }),
    holds: true,
  },
  {
    what: 'the same port of another protocol only',
    live: container({ ports: [{ containerPort: 80, protocol: 'UDP' }] }),
    desired: container({ ports: [{ containerPort: 80 }] }),
    holds: false,
  },
  {
    what: 'quantities written another way',
    live: container({ resources: { limits: { cpu: '500m', memory: '1Gi' } } }),
    desired: container({ resources: { limits: { cpu: '0.5', memory: '1024Mi' } } }),
    holds: true,
  },
  {
    what: 'another quantity',
    live: container({ resources: { limits: { cpu: '501m' } } }),
    desired: container({ resources: { limits: { cpu: '0.5' } } }),
    holds: false,
  },
  {
    what: 'texts that would be equal as quantities but are none',
    live: container({ env: [{ name: 'X', value: '1000m' }] }),
    desired: container({ env: [{ name: 'X', value: '1' }] }),
    holds: false,
  },
  {
    what: 'an emptyDir that became another kind of volume',
    live: pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    desired: pod({ volumes: [{ name: 'v', emptyDir: {} }] }),
    holds: false,
  },
  {
    what: 'an emptyDir',
    live: pod({ volumes: [{ name: 'v', emptyDir: {} }] }),
    desired: pod({ volumes: [{ name: 'v', emptyDir: {} }] }),
    holds: true,
  },
  {
    what: 'empty maps and lists, which are not stored',
    live: deployment({}, {}),
    desired: deployment(
      { template: { spec: { nodeSelector: {} } }, ports: [] },
      { labels: {}, annotations: {} },
    ),
    holds: true,
  },
  {
    what: 'owners and finalizers of others beside ours',
    live: deployment(
      {},
      { ownerReferences: [{ uid: 'other' }, { uid: 'ours', kind: 'X' }], finalizers: ['o', 'f'] },
    ),
    desired: deployment({}, { ownerReferences: [{ uid: 'ours', kind: 'X' }], finalizers: ['f'] }),
    holds: true,
  },
  {
    what: 'a finalizer of ours that is gone',
    live: deployment({}, { finalizers: ['o'] }),
    desired: deployment({}, { finalizers: ['f'] }),
    holds: false,
  },
  {
    what: 'an object where a value is wanted, and a value where an object is',
    live: deployment({ a: { b: 1 }, c: 1 }),
    desired: deployment({ a: 1 }),
    holds: false,
  },
  {
    what: 'a list where an object is wanted',
    live: deployment({ a: [] }),
    desired: deployment({ a: { b: 1 } }),
    holds: false,
  },
  {
    what: 'an object where a list is wanted',
    live: deployment({ a: {} }),
    desired: deployment({ a: [1] }),
    holds: false,
  },
  {
    what: 'a field of the prototype',
    live: deployment({}),
    desired: deployment({ a: { toString: 'x' }, constructor: { name: 'Object' } }),
    holds: false,
  },
]

it.each(cases)('says of $what: $holds', ({ live, desired, holds }) => {
  expect(holdsAll(live, desired)).toBe(holds)
})

it('knows lists by their kind: a port that was opened in a policy is no addition to leave alone', () => {
  const policy = (ports: object[]): KubeObject =>
    ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p' },
      spec: { ingress: [{ ports }] },
    }) as KubeObject
  const one = { port: 80, protocol: 'TCP' }
  expect(holdsAll(policy([one, { port: 22, protocol: 'TCP' }]), policy([one]))).toBe(false)
  expect(holdsAll(policy([one]), policy([one]))).toBe(true)
  const service = (ports: object[]): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports } }) as KubeObject
  expect(
    holdsAll(service([{ port: 1 }, { port: 80, protocol: 'TCP', nodePort: 3 }]), service([{ port: 80 }])),
  ).toBe(true)
})

it('holds nothing of what is not there', () => {
  expect(holdsAll(undefined, deployment({}))).toBe(false)
})

/** Trees without empty objects: those are looked at above. */
const leaf = fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean())
const key = fc.constantFrom('a', 'b', 'c', 'd')
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 3 }),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
  ),
}))
const spec = fc.dictionary(key, tree, { minKeys: 1 })

it('holds everything of itself, with whatever is added to its objects', () => {
  fc.assert(
    fc.property(spec, fc.nat(), leaf, (wanted, salt, extra) => {
      const live = structuredClone(wanted)
      addSomewhere(live, salt, extra)
      expect(holdsAll(deployment(live), deployment(wanted))).toBe(true)
    }),
  )
})

it('misses every single leaf that is changed or taken away, wherever it is', () => {
  fc.assert(
    fc.property(spec, fc.nat(), fc.boolean(), (wanted, salt, isRemoved) => {
      const live = structuredClone(wanted)
      changeSomewhere(live, salt, isRemoved)
      expect(holdsAll(deployment(live), deployment(wanted))).toBe(false)
    }),
  )
})

type Holder = Record<string, unknown>

function holders(value: unknown): Holder[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(holders)
  return Array.isArray(value) ? inner : [value as Holder, ...inner]
}

function addSomewhere(root: Holder, salt: number, extra: unknown): void {
  const all = holders(root)
  const chosen = all[salt % all.length]
  if (chosen) chosen.added = extra
}

/** Changes one leaf of the tree, in an object or in a list. */
function changeSomewhere(root: Holder, salt: number, isRemoved: boolean): void {
  const leaves: { holder: Holder | unknown[]; at: string }[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [at, inner] of Object.entries(value)) {
      if (typeof inner === 'object') walk(inner)
      else leaves.push({ holder: value as Holder, at })
    }
  }
  walk(root)
  const { holder, at } = leaves[salt % leaves.length] ?? { holder: root, at: '' }
  if (!isRemoved) (holder as Holder)[at] = 'changed to this'
  else if (Array.isArray(holder)) holder.splice(Number(at), 1)
  else delete holder[at]
}

it('knows equal values, whatever the order of their fields', () => {
  fc.assert(
    fc.property(spec, spec, (value, other) => {
      const reversed = JSON.parse(JSON.stringify(value)) as Holder
      for (const each of holders(reversed)) {
        const entries = Object.entries(each).toReversed()
        for (const name of Object.keys(each)) delete each[name]
        Object.assign(each, Object.fromEntries(entries))
      }
      expect(isSameJson(reversed, { ...value, absent: undefined })).toBe(true)
      expect(isSameJson({ ...value, absent: undefined }, reversed)).toBe(true)
      expect(isSameJson(value, other)).toBe(isDeepStrictEqual(value, other))
      expect(fingerprint(JSON.parse(JSON.stringify(value)))).toBe(
        fingerprint({ ...value, absent: undefined }),
      )
    }),
  )
  expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: '1' }))
  expect(fingerprint({ a: 1 })).toMatch(/^[0-9a-f]{20}$/)
  expect(isSameJson({ a: 1 }, { a: 1, b: null })).toBe(false)
  expect(isSameJson({ a: 1, b: null }, { a: 1 })).toBe(false)
  expect(isSameJson([1], { 0: 1 })).toBe(false)
})
