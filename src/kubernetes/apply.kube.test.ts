import { expect, it } from 'vitest'

import { openCluster } from '../../e2e/fixtures/cluster.ts'
import { deleteExactly, getObject, serverSideApply } from './apply.ts'
import { holdsAll } from './holds-all.ts'
import type { KubeObject } from './object.ts'
import { RESOURCES, resourceOf } from './resources.ts'
import { representativeObjects } from './testing/representative-objects.ts'
import { map, start, type ConfigMap } from './testing/config-maps.ts'
import { errorOf } from './testing/transport-pair.ts'

it('creates, changes, and takes back fields that are no longer applied', async () => {
  const { transport, namespace } = await start()
  const apply = async (data: Record<string, string>): Promise<ConfigMap> =>
    serverSideApply(transport, { object: map(namespace, data), fieldManager: 'us' })
  const first = await apply({ a: '1', b: '1' })
  expect(first.metadata.uid).toBeDefined()
  expect((await apply({ a: '2' })).data).toEqual({ a: '2' })
  const { resourceVersion } = (await apply({ a: '2' })).metadata
  expect((await apply({ a: '2' })).metadata.resourceVersion).toBe(resourceVersion)
})

it('writes every character that a text may have, and reads the same text back', async () => {
  const { transport, namespace } = await start()
  // NUL and halves of surrogate pairs are refused by the contract (`text()`).
  const everyone = Array.from({ length: 0xffff }, (_, index) => String.fromCodePoint(index + 1))
  const plane = everyone.filter((character) => character.isWellFormed()).join('')
  const data = { plane, beyond: '\u{10000}\u{1fffe}\u{1ffff}\u{1f600}\u{10ffff}' }
  const { data: kept } = await serverSideApply(transport, {
    object: map(namespace, data),
    fieldManager: 'us',
  })
  expect(kept === undefined ? '' : firstDifference(kept['plane'] ?? '', plane)).toBe('')
  expect(kept?.['beyond']).toBe(data.beyond)
  // The stack's own client, which tests and manifests go through, does as the operator's.
  const cluster = openCluster()
  await cluster.apply({ ...map(namespace, { plane }), metadata: { name: 'b', namespace } })
  const theirs = await getObject<ConfigMap>(transport, RESOURCES.ConfigMap, { name: 'b', namespace })
  expect(firstDifference(theirs?.data?.['plane'] ?? '', plane)).toBe('')
  await cluster.close()
})

/** Short enough to be read, unlike two texts of 60,000 characters. */
function firstDifference(is: string, was: string): string {
  const at = was.split('').findIndex((character, index) => is[index] !== character)
  return at < 0 && is.length === was.length
    ? ''
    : `${is.length} of ${was.length}, at U+${was.charCodeAt(at).toString(16)}`
}

it('leaves the fields of others alone unless it is forced', async () => {
  const { transport, namespace } = await start()
  await serverSideApply(transport, {
    object: map(namespace, { a: 'theirs', b: 'theirs' }),
    fieldManager: 'them',
  })
  const ours = { object: map(namespace, { a: 'ours' }), fieldManager: 'us' }
  expect(await errorOf(serverSideApply(transport, ours))).toMatchObject({ status: 409, reason: 'Conflict' })
  const forced = await serverSideApply(transport, { ...ours, force: true })
  expect(forced.data).toEqual({ a: 'ours', b: 'theirs' })
})

it('writes only onto the object and the version that it was meant for', async () => {
  const { transport, namespace } = await start()
  const request = { object: map(namespace, { a: '1' }), fieldManager: 'us' }
  const { uid, resourceVersion } = (await serverSideApply(transport, request)).metadata
  const next = { ...request, object: map(namespace, { a: '2' }) }
  const otherUid = { uid: '00000000-0000-0000-0000-000000000000' }
  expect(await errorOf(serverSideApply(transport, { ...next, onlyIf: otherUid }))).toMatchObject({
    status: 409,
  })
  const nobody = {
    ...next,
    object: { ...next.object, metadata: { name: 'nobody', namespace } },
    onlyIf: otherUid,
  }
  expect(await errorOf(serverSideApply(transport, nobody))).toMatchObject({ status: 409 })
  const onlyIf = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) }
  await serverSideApply(transport, { ...next, onlyIf })
  expect(await errorOf(serverSideApply(transport, { ...request, onlyIf }))).toMatchObject({ status: 409 })
})

it('refuses a misspelt field, and keeps nothing of a trial', async () => {
  const { transport, namespace } = await start()
  const misspelt = { ...map(namespace, {}), dta: { a: '1' } }
  const error = await errorOf(serverSideApply(transport, { object: misspelt, fieldManager: 'us' }))
  expect(error.message).toContain('.dta')
  await serverSideApply(transport, { object: map(namespace, { a: '1' }), fieldManager: 'us', dryRun: true })
  await expect(getObject(transport, RESOURCES.ConfigMap, { name: 'a', namespace })).resolves.toBeUndefined()
})

it('deletes the very object and version that it was shown, and no namesake', async () => {
  const { transport, namespace } = await start()
  const request = { object: map(namespace, { a: '1' }), fieldManager: 'us' }
  const first = await serverSideApply(transport, request)
  const second = await serverSideApply(transport, { ...request, object: map(namespace, { a: '2' }) })
  expect(await errorOf(deleteExactly(transport, { live: first }))).toMatchObject({ status: 409 })
  await expect(deleteExactly(transport, { live: second })).resolves.toBe(true)
  await expect(deleteExactly(transport, { live: second })).resolves.toBe(false)
  await serverSideApply(transport, request)
  expect(await errorOf(deleteExactly(transport, { live: second }))).toMatchObject({ status: 409 })
})

it('knows by looking that there is nothing to apply, for every kind, however the API server writes it down', async () => {
  const { transport, namespace } = await start()
  for (const object of representativeObjects(namespace)) {
    const what = object.kind
    const stored = await serverSideApply(transport, { object, fieldManager: 'us' })
    expect(holdsAll(stored, object), what).toBe(true)
    const live = await getObject(transport, resourceOf(object), object.metadata)
    expect(holdsAll(live, object), what).toBe(true)
  }
})

it('sees every change that somebody makes to one of our fields, for every kind', async () => {
  const { transport, namespace } = await start()
  const unseen: string[] = []
  for (const object of representativeObjects(namespace)) {
    const stored = await serverSideApply(transport, { object, fieldManager: 'us' })
    for (const path of leavesOf(object, ['spec', 'data', 'metadata'])) {
      if (holdsAll(without(stored, path), object)) unseen.push(`${object.kind} ${path.join('.')}`)
    }
  }
  // An empty value of an environment variable is not stored: whether it is there cannot be told.
  expect(unseen).toEqual([])
})

type Path = readonly (string | number)[]

/** Paths of all values that are no objects and not empty. */
function leavesOf(value: unknown, within?: readonly string[]): Path[] {
  if (typeof value !== 'object' || value === null) return value === '' ? [] : [[]]
  return Object.entries(value)
    .filter(([key]) => !within || within.includes(key))
    .flatMap(([key, inner]) =>
      leavesOf(inner).map((path) => [Array.isArray(value) ? Number(key) : key, ...path]),
    )
}

/** A copy in which the value at a path is another one. Lists are in the order in which they were applied. */
function without(object: KubeObject, path: Path): KubeObject {
  const copy = structuredClone(object)
  let holder = copy as unknown as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>
  const last = path.at(-1) ?? ''
  holder[last] = typeof holder[last] === 'number' ? holder[last] + 1 : `changed-${String(holder[last])}`
  return copy
}
