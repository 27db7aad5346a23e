import { beforeEach, expect, it, onTestFinished } from 'vitest'
import type { KubeObject } from '../../src/kubernetes/object.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import {
  json,
  refuse,
  startFakeServer,
  type Asked,
  type FakeServer,
} from '../../src/kubernetes/testing/fake-server.ts'
import { connectTransport } from '../../src/kubernetes/transport.ts'
import { Caches } from './caches.ts'
import { ANY_VALUE, NotLeaderError, type Cache } from './cluster.ts'
import { EventRecorder } from './events.ts'
import { LiveCluster } from './live-cluster.ts'
import { RuntimeMetrics } from './metrics.ts'
import { MemoryLog } from './testing/memory-log.ts'

interface ConfigMap extends KubeObject {
  data?: Record<string, string>
  status?: unknown
}

let server: FakeServer
let stored: ConfigMap
let metrics: RuntimeMetrics
let cluster: LiveCluster
let cache: Cache<ConfigMap>
let events: EventRecorder
let isLeader: boolean
beforeEach(async () => {
  isLeader = true
  stored = wanted({})
  server = await startFakeServer()
  const transport = connectTransport({ credentials: server.credentials() })
  onTestFinished(async () => {
    await transport.close()
    await server.close()
  })
  const clock = new FakeClock()
  metrics = new RuntimeMetrics({ process: false })
  events = new EventRecorder({ transport, clock, controller: 'x', instance: 'y' })
  const caches = new Caches({ transport, clock, random: () => 0, log: new MemoryLog() })
  cluster = new LiveCluster({
    transport,
    fieldManager: 'operator',
    hashAnnotation: 'example.org/applied',
    caches,
    events,
    metrics,
    mayWrite: () => isLeader,
  })
  cache = cluster.cache<ConfigMap>({ kind: 'ConfigMap', labels: { app: 'x', owner: ANY_VALUE } })
  answerAsStored()
})

/** Stores what is written, as the next version; what was created is the creator's until it is claimed. */
function answerAsStored(version = '10'): void {
  server.answer(({ body, method }, response) => {
    if (method === 'POST' || method === 'PATCH') stored = written(body, stored)
    const { metadata } = stored
    const operation = method === 'POST' || !metadata.managedFields ? 'Update' : undefined
    if (operation) metadata.managedFields = [{ manager: 'operator', operation }]
    json(response, 200, { ...stored, metadata: { ...metadata, uid: 'u', resourceVersion: version } })
  })
}

function written(body: string, before: ConfigMap): ConfigMap {
  const said = JSON.parse(body) as ConfigMap | { path: string; value: string }[]
  if (!Array.isArray(said)) return { ...said, metadata: { ...said.metadata, managedFields: [] } }
  const managedFields = [{ manager: 'operator', operation: said[0]?.value }]
  return { ...before, metadata: { ...before.metadata, managedFields } }
}

function wanted(data: Record<string, string>): ConfigMap {
  const labels = { app: 'x', owner: 'y' }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns', labels }, data }
}

/** What was asked with a method, in order. */
const askedBy = (method: string): Asked[] => server.asked.filter((asked) => asked.method === method)
const bodyOf = (asked: Asked | undefined): ConfigMap => JSON.parse(asked?.body ?? '{}') as ConfigMap
const cached = (): ConfigMap | undefined => cache.get({ namespace: 'ns', name: 'a' })
async function countOf(metric: string): Promise<number> {
  const found = await metrics.registry.getSingleMetric(metric)?.get()
  return found?.values.reduce((sum, { value }) => sum + value, 0) ?? 0
}

it('creates what is not there, sees it at once, and does not write it again', async () => {
  expect(await cluster.apply(wanted({ a: '1' }), { live: cached() })).toBe('created')
  const [asked] = server.asked
  expect([asked?.method, asked?.path]).toEqual(['POST', '/api/v1/namespaces/ns/configmaps'])
  expect(asked?.query.get('fieldManager')).toBe('operator')
  expect(asked?.query.get('fieldValidation')).toBe('Strict')
  expect(bodyOf(asked).metadata).not.toHaveProperty('resourceVersion')
  expect(cached()?.metadata.resourceVersion).toBe('10')
  expect(await cluster.apply(wanted({ a: '1' }), { live: cached() })).toBe('unchanged')
  expect(server.asked).toHaveLength(1)
  expect(await countOf('shipyard_cluster_writes_total')).toBe(1)
  expect(await countOf('shipyard_cluster_idle_writes_total')).toBe(0)
})

it('writes onto the very version it decided on, and takes fields of others only where it is told to', async () => {
  await cluster.apply(wanted({ a: '1' }), { live: undefined })
  answerAsStored('11')
  expect(await cluster.apply(wanted({ a: '2' }), { live: cached(), force: true })).toBe('updated')
  const applied = askedBy('PATCH').at(-1)
  expect(applied?.query.get('force')).toBe('true')
  expect(bodyOf(applied).metadata).toMatchObject({ uid: 'u', resourceVersion: '11' })
})

it('claims what it created before it applies to it for the first time, and then no more', async () => {
  await cluster.apply(wanted({ a: '1' }), { live: undefined })
  await cluster.apply(wanted({ a: '2' }), { live: cached() })
  expect(askedBy('PATCH').map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    [
      { op: 'replace', path: '/metadata/managedFields/0/operation', value: 'Apply' },
      { op: 'replace', path: '/metadata/resourceVersion', value: '10' },
    ],
    expect.objectContaining({ data: { a: '2' } }),
  ])
  answerAsStored('12')
  stored.metadata.managedFields = [
    { manager: 'another', operation: 'Update' },
    { manager: 'operator', operation: 'Apply' },
  ]
  await cluster.apply(wanted({ a: '3' }), { live: cached() })
  expect(askedBy('PATCH')).toHaveLength(3)
})

it('claims nothing when it stopped leading while it asked whose it is', async () => {
  await cluster.apply(wanted({ a: '1' }), { live: undefined })
  const live = cached()
  server.answer((_, response) => {
    isLeader = false
    json(response, 200, { ...live, metadata: { ...live?.metadata, ...stored.metadata } })
  })
  await expect(cluster.apply(wanted({ a: '2' }), { live })).rejects.toThrow(NotLeaderError)
  expect(server.asked.map(({ method }) => method)).toEqual(['POST', 'GET'])
})

it('leaves to others what they created, and what is not what it saw', async () => {
  await cluster.apply(wanted({ a: '1' }), { live: undefined })
  stored.metadata.managedFields = [
    { manager: 'another', operation: 'Update' },
    { manager: 'operator', operation: 'Update', subresource: 'status' },
  ]
  await cluster.apply(wanted({ a: '2' }), { live: cached() })
  const namesake = cached()
  if (namesake) namesake.metadata.uid = 'earlier'
  stored.metadata.managedFields = [{ manager: 'operator', operation: 'Update' }]
  await cluster.apply(wanted({ a: '3' }), { live: namesake })
  expect(askedBy('PATCH').map(({ body }) => (JSON.parse(body) as ConfigMap).data)).toEqual([
    { a: '2' },
    { a: '3' },
  ])
})

it('writes when only a field of ours is to go, which no comparison of the rest would show', async () => {
  await cluster.apply(wanted({ a: '1', b: '2' }), { live: undefined })
  const live = cached()
  expect(await cluster.apply(wanted({ a: '1' }), { live })).toBe('updated')
  expect(bodyOf(askedBy('PATCH').at(-1)).data).toEqual({ a: '1' })
})

it('writes when somebody changed a field of ours', async () => {
  await cluster.apply(wanted({ a: '1' }), { live: undefined })
  const live = cached()
  const changed = live && { ...live, data: { a: 'other' } }
  expect(await cluster.apply(wanted({ a: '1' }), { live: changed })).toBe('updated')
})

it('keeps no more than the essence of what it compared once, and still finds what changes', async () => {
  const slim = cluster.cache<ConfigMap>({ kind: 'ConfigMap', labels: { app: 'x' }, essence: () => ({}) })
  const seen = (): ConfigMap | undefined => slim.get({ namespace: 'ns', name: 'a' })
  await cluster.apply(wanted({ a: '1' }), { live: undefined })
  expect(seen()?.data).toEqual({ a: '1' })
  expect(await cluster.apply(wanted({ a: '1' }), { live: seen() })).toBe('unchanged')
  expect(seen()).not.toHaveProperty('data')
  expect(await cluster.apply(wanted({ a: '1' }), { live: seen() })).toBe('unchanged')
  answerAsStored('11')
  expect(await cluster.apply(wanted({ a: '2' }), { live: seen() })).toBe('updated')
  expect(bodyOf(askedBy('PATCH').at(-1)).metadata).toMatchObject({ uid: 'u', resourceVersion: '11' })
  expect(seen()?.data).toEqual({ a: '2' })
})

it('counts a write that changed nothing: comparing should have known', async () => {
  const live = {
    ...wanted({ a: 'elsewise written' }),
    metadata: { ...wanted({}).metadata, uid: 'u', resourceVersion: '10' },
  }
  await cluster.apply(wanted({ a: '1' }), { live })
  expect(await countOf('shipyard_cluster_idle_writes_total')).toBe(1)
})

it('passes on a conflict', async () => {
  server.answer((_, response) => refuse(response, 409, { reason: 'Conflict' }))
  await expect(cluster.apply(wanted({}), { live: undefined })).rejects.toMatchObject({ status: 409 })
})

it('writes a status when it differs, and only then', async () => {
  const live: ConfigMap = {
    ...wanted({}),
    metadata: { ...wanted({}).metadata, uid: 'u', resourceVersion: '5' },
    status: { phase: 'Ready', conditions: [{ type: 'Ready' }] },
  }
  const same = { conditions: [{ type: 'Ready' }], phase: 'Ready', note: undefined }
  expect(await cluster.applyStatus({ ...live, status: same }, { live })).toBe('unchanged')
  expect(await cluster.applyStatus({ ...live, status: { phase: 'Error' } }, { live })).toBe('updated')
  expect(server.asked).toHaveLength(1)
  expect(server.asked[0]?.path).toBe('/api/v1/namespaces/ns/configmaps/a/status')
  expect(server.asked[0]?.query.get('force')).toBe('true')
  expect(bodyOf(server.asked[0])).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'ns', uid: 'u' },
    status: { phase: 'Error' },
  })
  expect(await cluster.applyStatus({ ...live, status: {} }, { live: undefined })).toBe('updated')
})

it('deletes what it was shown', async () => {
  const live = { ...wanted({}), metadata: { ...wanted({}).metadata, uid: 'u', resourceVersion: '5' } }
  expect(await cluster.delete(live)).toBe(true)
  expect(bodyOf(server.asked[0])).toMatchObject({ preconditions: { uid: 'u', resourceVersion: '5' } })
})

it('writes nothing, and says nothing, when it is not certain to lead', async () => {
  isLeader = false
  const live = { ...wanted({}), metadata: { ...wanted({}).metadata, uid: 'u', resourceVersion: '5' } }
  await expect(cluster.apply(wanted({ a: '1' }), { live: undefined })).rejects.toThrow(NotLeaderError)
  await expect(cluster.applyStatus({ ...live, status: {} }, { live })).rejects.toThrow(NotLeaderError)
  await expect(cluster.delete(live)).rejects.toThrow(NotLeaderError)
  cluster.event(live, { type: 'Normal', reason: 'X', message: 'y' })
  await events.flush()
  expect(server.asked).toEqual([])
})

it('says nothing any more of what waited when the lead was lost', async () => {
  const live = { ...wanted({}), metadata: { ...wanted({}).metadata, uid: 'u', resourceVersion: '5' } }
  cluster.event(live, { type: 'Normal', reason: 'X', message: 'y' })
  isLeader = false
  await events.flush()
  expect(server.asked).toEqual([])
})

it('reads from the API server itself', async () => {
  server.answer((_, response) => json(response, 200, wanted({ a: '1' })))
  const ref = { namespace: 'ns', name: 'a' }
  await expect(cluster.get('ConfigMap', ref, new AbortController().signal)).resolves.toEqual(
    wanted({ a: '1' }),
  )
})
