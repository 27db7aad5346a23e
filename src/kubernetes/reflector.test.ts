import { expect, it } from 'vitest'
import { labelSelector } from './selector.ts'
import type { Fault } from './testing/model-transport.ts'
import { names, told, world } from './testing/reflector-world.ts'

it('lists by a stream, is synced at its end, and goes on with the watch of the same connection', async () => {
  const { clock, model, transport, reflector, changes } = world()
  model.put('a')
  model.put('b')
  reflector.start()
  expect(reflector.isSynced).toBe(false)
  await clock.advance(0)
  expect(reflector.isSynced).toBe(true)
  model.put('c')
  model.put('a')
  model.remove('b')
  await clock.advance(0)
  expect(told(changes)).toEqual(['added ns/a', 'added ns/b', 'added ns/c', 'updated ns/a', 'deleted ns/b'])
  expect(names(reflector)).toEqual(['ns/a', 'ns/c'])
  expect(transport.asked).toHaveLength(1)
  expect(transport.asked[0]).toMatchObject({
    path: '/api/v1/configmaps',
    query: {
      watch: true,
      allowWatchBookmarks: true,
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      timeoutSeconds: 285,
    },
  })
})

it('lists in pages where streaming lists are refused, and does not ask for them again', async () => {
  const { clock, model, transport, reflector } = world({}, { refusesStreamingLists: true, page: 2 })
  for (const name of ['a', 'b', 'c', 'd', 'e']) model.put(name)
  reflector.start()
  await clock.advance(1_000)
  expect(names(reflector)).toHaveLength(5)
  const asked = transport.asked.map(
    ({ query }) => query?.sendInitialEvents ?? query?.continue ?? query?.limit ?? 'watch',
  )
  expect(asked).toEqual([true, 250, '105:2', '105:4', 'watch'])
  model.put('f')
  await clock.advance(0)
  expect(names(reflector)).toContain('ns/f')
  await reflector.stop()
  reflector.start()
  await clock.advance(1_000)
  expect(transport.asked[5]?.query).not.toHaveProperty('sendInitialEvents')
  expect(reflector.counts).toMatchObject({ lists: 2, errors: 1 })
})

it('keeps kind and version on objects that come without, and drops what nobody reads', async () => {
  const { clock, model, reflector } = world({}, { refusesStreamingLists: true })
  model.put('a')
  reflector.start()
  await clock.advance(1_000)
  const [object] = reflector.store.values()
  expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
  expect(object?.metadata).not.toHaveProperty('managedFields')
})

it('reads a list whole when its version is gone before its end, without what its beginning named in vain', async () => {
  const { clock, model, transport, reflector, changes } = world({}, { refusesStreamingLists: true, page: 1 })
  model.put('a')
  model.put('b')
  reflector.start()
  await clock.advance(50)
  const original = transport.stream.bind(transport)
  transport.stream = async (request) => {
    if (request.query?.continue !== undefined) {
      model.remove('a')
      model.put('c')
    }
    return original(request)
  }
  await clock.advance(1_000)
  expect(names(reflector)).toEqual(['ns/b', 'ns/c'])
  expect(told(changes)).toContain('deleted ns/a')
  expect(reflector.counts.errors).toBe(1)
})

it('asks for metadata only, and for what the selection names', async () => {
  const { clock, transport, reflector } = world(
    { metadataOnly: true, namespace: 'ns', labels: labelSelector({ app: 'x' }) },
    { refusesStreamingLists: true },
  )
  reflector.start()
  await clock.advance(1_000)
  expect(transport.asked.map(({ path, accept, query }) => [path, accept, query?.labelSelector])).toEqual([
    [
      '/api/v1/namespaces/ns/configmaps',
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      'app=x',
    ],
    [
      '/api/v1/namespaces/ns/configmaps',
      'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      'app=x',
    ],
    [
      '/api/v1/namespaces/ns/configmaps',
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      'app=x',
    ],
  ])
})

it('tells the deletions of the time in which it heard nothing', async () => {
  const { clock, model, transport, reflector, changes } = world()
  model.put('a')
  model.put('b')
  reflector.start()
  await clock.advance(0)
  transport.faults.push(...Array.from({ length: 5 }, (): Fault => ({ type: 'refused' })))
  await reflector.stop()
  model.remove('a')
  model.put('c')
  model.compact()
  reflector.start()
  await clock.advance(30_000)
  expect(told(changes)).toEqual(['added ns/a', 'added ns/b', 'added ns/c', 'deleted ns/a'])
})

it('tells an object that was made again as deleted and added', async () => {
  const { clock, model, reflector, changes } = world()
  model.put('a')
  reflector.start()
  await clock.advance(0)
  const first = changes[0]?.object.metadata.uid
  await reflector.stop()
  model.remove('a')
  model.put('a')
  reflector.start()
  await clock.advance(1_000)
  expect(told(changes)).toEqual(['added ns/a', 'deleted ns/a', 'added ns/a'])
  expect(changes[1]?.object.metadata.uid).toBe(first)
  expect(changes[2]?.object.metadata.uid).not.toBe(first)
})

it('goes on from its version after a polite end, without a list', async () => {
  const { clock, model, transport, reflector, changes } = world()
  model.put('a')
  transport.faults.push({ type: 'end', after: 3 })
  reflector.start()
  await clock.advance(2_000)
  model.put('a')
  model.put('b') // the line at which the server ends
  await clock.advance(2_000)
  expect(told(changes)).toEqual(['added ns/a', 'updated ns/a', 'added ns/b'])
  expect(reflector.counts).toMatchObject({ lists: 1, watches: 2, errors: 0 })
  expect(transport.asked[1]?.query).toMatchObject({ resourceVersion: '102' })
})

it('takes the version of a bookmark, so that a quiet kind need not list again', async () => {
  const { clock, model, transport, reflector } = world({ labels: labelSelector({ app: 'x' }) })
  model.put('a', { app: 'x' })
  reflector.start()
  await clock.advance(0)
  transport.faults.push({ type: 'none' })
  for (let other = 0; other < 10; other++) model.put(`other-${other}`)
  await clock.advance(61_000)
  expect(reflector.secondsSinceContact()).toBeLessThan(2)
  await reflector.stop()
  expect(transport.open).toBe(0)
  reflector.start()
  await clock.advance(0)
  expect(reflector.counts.errors).toBe(0)
})

it.each([
  ['the answer says so', 2],
  ['the watch says so', 1],
])('lists again when its version is compacted away and %s', async (_, versions) => {
  // The model refuses even versions with a status and odd ones with an event.
  const { clock, model, transport, reflector, changes } = world()
  for (let version = 0; version < versions; version++) model.put('a')
  transport.faults.push({ type: 'end', after: 2 })
  reflector.start()
  await clock.advance(2_000)
  model.remove('a')
  model.compact()
  await clock.advance(5_000)
  expect(told(changes)).toEqual(['added ns/a', 'deleted ns/a'])
  expect(reflector.counts).toMatchObject({ lists: 2, errors: 1 })
})
