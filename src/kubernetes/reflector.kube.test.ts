import { expect, it, onTestFinished } from 'vitest'
import { serverSideApply } from './apply.ts'
import { KubeError } from './kube-error.ts'
import type { KubeObject } from './object.ts'
import { resourcePath } from './path.ts'
import { createReflector } from './reflector.ts'
import type { Reflector, ReflectorOptions } from './reflector-types.ts'
import { RESOURCES } from './resources.ts'
import { labelSelector } from './selector.ts'
import { newNamespace, realTransport } from './testing/real-cluster.ts'
import type { KubeRequest, Transport } from './transport-types.ts'

interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}

interface World {
  transport: Transport
  namespace: string
  put(name: string, data?: Record<string, string>, labels?: Record<string, string>): Promise<void>
  remove(name: string): Promise<void>
  watch(options?: Partial<ReflectorOptions<ConfigMap>>): Reflector<ConfigMap>
}

async function world(): Promise<World> {
  const transport = realTransport()
  const namespace = await newNamespace(transport)
  return {
    transport,
    namespace,
    async put(name, data = {}, labels = {}) {
      const object: ConfigMap = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace, labels },
        data,
      }
      await serverSideApply(transport, { object, fieldManager: 'test', force: true })
    },
    async remove(name) {
      const path = resourcePath({ ...RESOURCES.ConfigMap, namespace, name })
      await transport.request({ method: 'DELETE', path })
    },
    watch(options = {}) {
      const reflector = createReflector<ConfigMap>({
        resource: RESOURCES.ConfigMap,
        namespace,
        transport,
        ...options,
      })
      onTestFinished(async () => reflector.stop())
      reflector.start()
      return reflector
    },
  }
}

/** Every namespace has a ConfigMap that the controller manager puts there. */
const own = (reflector: Reflector<ConfigMap>): ConfigMap[] =>
  [...reflector.store.values()].filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
const names = (reflector: Reflector<ConfigMap>): string[] =>
  own(reflector)
    .map(({ metadata }) => metadata.name)
    .toSorted()

it('has what the API server has, by a streamed list and the watch after it', async () => {
  const { put, remove, watch } = await world()
  await put('before', { a: '1' })
  const reflector = watch()
  const told: string[] = []
  reflector.onChange(({ type, object }) => told.push(`${type} ${object.metadata.name}`))
  await reflector.untilSynced()
  expect(names(reflector)).toEqual(['before'])
  await put('after')
  await put('before', { a: '2' })
  await remove('after')
  await expect.poll(() => told).toContain('deleted after')
  expect(told.filter((each) => !each.includes('kube-root'))).toEqual([
    'added before',
    'added after',
    'updated before',
    'deleted after',
  ])
  expect(own(reflector)[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '2' } })
  expect(own(reflector)[0]?.metadata).not.toHaveProperty('managedFields')
  // One connection did it all, so the API server knows streaming lists.
  expect(reflector.counts).toEqual({ lists: 1, watches: 1, errors: 0, handlerErrors: 0 })
})

/** As an API server without streaming lists. */
function withoutStreaming(transport: Transport): Transport {
  return {
    ...transport,
    counts: transport.counts,
    stream: async (request: KubeRequest) => {
      if (!request.query?.sendInitialEvents) return transport.stream(request)
      throw new KubeError({ status: 422, reason: 'Invalid', message: 'sendInitialEvents is forbidden' })
    },
  }
}

it('lists in pages of 250 where it has to', async () => {
  const { transport, put, watch } = await world()
  const all = Array.from({ length: 600 }, (_, index) => `map-${String(index).padStart(3, '0')}`)
  for (let at = 0; at < all.length; at += 50)
    await Promise.all(all.slice(at, at + 50).map(async (name) => put(name)))
  const reflector = watch({ transport: withoutStreaming(transport) })
  await reflector.untilSynced()
  expect(names(reflector)).toEqual(all)
  await put('later')
  await expect.poll(() => names(reflector)).toContain('later')
})

it('keeps metadata only, with the names of the real kind, by stream and by pages', async () => {
  const { transport, put, watch } = await world()
  await put('a', { secret: 'value' })
  for (const way of [transport, withoutStreaming(transport)]) {
    const reflector = watch({ transport: way, metadataOnly: true })
    await reflector.untilSynced()
    await put('a', { secret: `other ${way === transport ? 1 : 2}` })
    await expect.poll(() => reflector.counts.watches).toBeGreaterThan(0)
    const [object] = own(reflector)
    expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
    expect(object).not.toHaveProperty('data')
  }
})

it('keeps what fits its labels, and drops what no longer does', async () => {
  const { put, watch } = await world()
  await put('in', {}, { app: 'x' })
  await put('out', {}, { app: 'y' })
  const reflector = watch({ labels: labelSelector({ app: 'x' }) })
  await reflector.untilSynced()
  expect(names(reflector)).toEqual(['in'])
  await put('in', {}, { app: 'y' })
  await put('out', {}, { app: 'x' })
  await expect.poll(() => names(reflector)).toEqual(['out'])
})

it('says that a kind is not served, and keeps asking', async () => {
  const { transport } = await world()
  const resource = { ...RESOURCES.ConfigMap, group: 'nothing.example', plural: 'widgets' }
  const reflector = createReflector({ resource, transport, optional: true })
  onTestFinished(async () => reflector.stop())
  reflector.start()
  await reflector.untilSynced()
  expect(reflector).toMatchObject({ isServed: false, isSynced: true, lastError: { status: 404 } })
  await expect.poll(() => reflector.counts.errors, { timeout: 5_000 }).toBeGreaterThan(2)
})

it('ends with what the API server has after many changes and cut connections', async () => {
  const { transport, namespace, put, remove, watch } = await world()
  const open = new Set<AbortController>()
  const reflector = watch({
    transport: {
      ...transport,
      counts: transport.counts,
      async stream(request: KubeRequest) {
        const controller = new AbortController()
        open.add(controller)
        request.signal?.addEventListener('abort', () => controller.abort(request.signal?.reason), {
          once: true,
        })
        return transport.stream({ ...request, signal: controller.signal })
      },
    },
  })
  const mirrored = new Map<string, string>()
  reflector.onChange(({ type, object }) => {
    if (type === 'deleted') mirrored.delete(object.metadata.name)
    else mirrored.set(object.metadata.name, object.metadata.resourceVersion ?? '')
  })
  for (let step = 0; step < 300; step++) {
    const name = `map-${(step * 7) % 23}`
    if (step % 3 === 2) await remove(name).catch(() => {})
    else await put(name, { step: String(step) })
    if (step % 20 === 19) {
      for (const each of open)
        each.abort(new KubeError({ status: 0, reason: 'ConnectionFailed', message: 'cut' }))
      open.clear()
    }
  }
  const list = await transport.request<{ items: KubeObject[] }>({
    method: 'GET',
    path: resourcePath({ ...RESOURCES.ConfigMap, namespace }),
  })
  const truth = new Map(list.items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]))
  await expect.poll(() => new Map(mirrored), { timeout: 20_000 }).toEqual(truth)
  expect(reflector.counts.errors).toBeGreaterThan(2)
  // It went on from where it was: no cut made it list again.
  expect(reflector.counts.lists).toBe(1)
})
