import { request } from 'undici'
import { expect, it, onTestFinished } from 'vitest'
import { getObject, serverSideApply } from '../../src/kubernetes/apply.ts'
import { resourcePath } from '../../src/kubernetes/path.ts'
import { RESOURCES } from '../../src/kubernetes/resources.ts'
import { newNamespace, realTransport } from '../../src/kubernetes/testing/real-cluster.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'
import type { KubeObject } from './cluster.ts'
import { Manager } from './manager.ts'
import { addCopyController, original, type ConfigMap } from './testing/copy-controller.ts'
import { MemoryLog } from './testing/memory-log.ts'

interface Replica {
  manager: Manager
  log: MemoryLog
  stop: () => Promise<void>
  writes: () => Promise<{ all: number; idle: number }>
}

function replica(namespace: string, identity: string): Replica {
  const log = new MemoryLog()
  const manager = new Manager({
    transport: realTransport(),
    fieldManager: 'copier',
    domain: 'copies.example',
    log,
    leaderElection: { namespace, name: 'copier' },
    probes: { host: '127.0.0.1', port: 0 },
    metrics: null,
    identity,
  })
  addCopyController(manager)
  const controller = new AbortController()
  const running = manager.run(controller.signal)
  running.catch(() => {}) // awaited in stop
  const stop = async (): Promise<void> => {
    controller.abort(new Error('the test is over'))
    await running
  }
  onTestFinished(stop)
  const sum = async (name: string): Promise<number> => {
    const found = await manager.metrics.registry.getSingleMetric(name)?.get()
    return found?.values.reduce((total, { value }) => total + value, 0) ?? 0
  }
  return {
    manager,
    log,
    stop,
    writes: async () => ({
      all: await sum('shipyard_cluster_writes_total'),
      idle: await sum('shipyard_cluster_idle_writes_total'),
    }),
  }
}

async function put(transport: Transport, object: ConfigMap): Promise<void> {
  await serverSideApply(transport, { object, fieldManager: 'person', force: true })
}

async function copiesIn(transport: Transport, namespace: string): Promise<Record<string, unknown>> {
  const list = await transport.request<{ items: ConfigMap[] }>({
    method: 'GET',
    path: resourcePath({ ...RESOURCES.ConfigMap, namespace }),
    query: { labelSelector: 'copies.example/role=copy' },
  })
  return Object.fromEntries(list.items.map(({ metadata, data }) => [metadata.name, data?.value]))
}

it('makes the world agree, keeps it so, and writes nothing more', async () => {
  const transport = realTransport()
  const namespace = await newNamespace(transport)
  const { manager, writes, log } = replica(namespace, 'one')
  await put(transport, original(namespace, 'a', { names: 'x,y', value: '1' }))
  const copies = async (): Promise<unknown> => copiesIn(transport, namespace)
  await expect.poll(copies, { timeout: 10_000 }).toEqual({ 'a-x': '1', 'a-y': '1' })
  await put(transport, original(namespace, 'a', { names: 'y,z', value: '2' }))
  await expect.poll(copies).toEqual({ 'a-y': '2', 'a-z': '2' })

  // Somebody changes a copy, deletes another, and takes over a field.
  const taken = {
    ...original(namespace, 'a-y', { value: 'theirs', extra: 'stays' }),
    metadata: { name: 'a-y', namespace },
  }
  await put(transport, taken)
  const path = resourcePath({ ...RESOURCES.ConfigMap, namespace, name: 'a-z' })
  await transport.request({ method: 'DELETE', path })
  await expect.poll(copies).toEqual({ 'a-y': '2', 'a-z': '2' })
  const mended = await getObject<ConfigMap>(transport, RESOURCES.ConfigMap, { namespace, name: 'a-y' })
  expect(mended?.data).toMatchObject({ extra: 'stays', names: 'y,z' })

  const before = await writes()
  await put(transport, original(namespace, 'b', { broken: 'yes' }))
  const events = async (): Promise<unknown> => {
    const list = await transport.request<{
      items: { reason: string; note: string; regarding: KubeObject }[]
    }>({
      method: 'GET',
      path: resourcePath({ ...RESOURCES.Event, namespace }),
    })
    return list.items.map(({ reason, note }) => `${reason}: ${note}`)
  }
  await expect.poll(events).toEqual(['Broken: Take "broken" out.'])
  expect(await writes()).toEqual(before)
  expect(before.idle).toBe(0)
  expect(log.lines.filter((line) => line.startsWith('error'))).toEqual([])
  const ready = await request(`http://127.0.0.1:${manager.probesPort}/readyz`)
  expect([ready.statusCode, await ready.body.text()]).toEqual([200, 'ok\n'])
})

async function reconcilesOf({ metrics }: Manager): Promise<number> {
  const found = await metrics.registry.getSingleMetric('controller_runtime_reconcile_total')?.get()
  return found?.values.reduce((sum, { value }) => sum + value, 0) ?? 0
}

it('writes nothing after a restart when all is as it should be', async () => {
  const transport = realTransport()
  const namespace = await newNamespace(transport)
  const names = Array.from({ length: 20 }, (_, index) => `o${index}`)
  await Promise.all(
    names.map(async (name) => put(transport, original(namespace, name, { names: 'x,y', value: name }))),
  )
  const first = replica(namespace, 'one')
  const count = async (): Promise<number> => Object.keys(await copiesIn(transport, namespace)).length
  await expect.poll(count, { timeout: 15_000 }).toBe(40)
  expect(await first.writes()).toEqual({ all: 40, idle: 0 })
  await first.stop()
  const second = replica(namespace, 'two')
  await expect.poll(async () => reconcilesOf(second.manager), { timeout: 15_000 }).toBeGreaterThanOrEqual(20)
  expect(await second.writes()).toEqual({ all: 0, idle: 0 })
})

it('is led by one replica, with a warm one behind it that takes over when it stops', async () => {
  const transport = realTransport()
  const namespace = await newNamespace(transport)
  const one = replica(namespace, 'one')
  await expect.poll(() => one.manager.isLeader(), { timeout: 10_000 }).toBe(true)
  const two = replica(namespace, 'two')
  await put(transport, original(namespace, 'a', { names: 'x', value: '1' }))
  const copies = async (): Promise<unknown> => copiesIn(transport, namespace)
  await expect.poll(copies).toEqual({ 'a-x': '1' })
  expect(two.manager.isLeader()).toBe(false)
  expect((await two.writes()).all).toBe(0)
  await put(transport, original(namespace, 'a', { names: 'x', value: '2' }))
  const stopped = performance.now()
  await one.stop()
  await expect.poll(() => two.manager.isLeader(), { interval: 20, timeout: 5_000 }).toBe(true)
  const won = performance.now()
  // The goal is a second; a deadline is three times that.
  expect(won - stopped).toBeLessThan(3_000)
  // And half a second from there to its first look: it knows the world already.
  await expect
    .poll(async () => reconcilesOf(two.manager), { interval: 20, timeout: 5_000 })
    .toBeGreaterThan(0)
  expect(performance.now() - won).toBeLessThan(1_500)
  await put(transport, original(namespace, 'a', { names: 'x', value: '3' }))
  await expect.poll(copies).toEqual({ 'a-x': '3' })
})
