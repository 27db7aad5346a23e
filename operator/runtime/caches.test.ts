import { expect, it, onTestFinished } from 'vitest'
import { RESOURCES } from '../../src/kubernetes/resources.ts'
import { ApiModel } from '../../src/kubernetes/testing/api-model.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { ModelTransport, type Fault } from '../../src/kubernetes/testing/model-transport.ts'
import { Caches } from './caches.ts'
import { MemoryLog } from './testing/memory-log.ts'

function stage(): {
  caches: Caches
  clock: FakeClock
  model: ApiModel
  transport: ModelTransport
  log: MemoryLog
} {
  const clock = new FakeClock()
  const model = new ApiModel(clock)
  const transport = new ModelTransport(model, { clock })
  const log = new MemoryLog()
  const caches = new Caches({ transport, clock, random: () => 0.5, log })
  onTestFinished(async () => caches.stop())
  return { caches, clock, model, transport, log }
}

it('fills every cache, and says so', async () => {
  const { caches, clock, model } = stage()
  const maps = caches.add({ resource: RESOURCES.ConfigMap })
  model.put('a')
  const heard: string[] = []
  maps.onChange(({ key }) => heard.push(key))
  expect(caches.troubles()).toEqual(['configmaps were not listed yet'])
  caches.start()
  const synced = caches.untilSynced(new AbortController().signal)
  await clock.advance(0)
  await synced
  expect(caches.troubles()).toEqual([])
  expect([maps.size, maps.isSynced, maps.isServed, [...maps.keys()], heard]).toEqual([
    1,
    true,
    true,
    ['ns/a'],
    ['ns/a'],
  ])
  expect(maps.has({ namespace: 'ns', name: 'a' })).toBe(true)
  expect(maps.get({ namespace: 'ns', name: 'a' })).toBe([...maps.values()][0])
  expect([...caches.watches()]).toEqual([{ resource: 'configmaps', objects: 1, silentSeconds: 0 }])
})

it('says which watch cannot be relied on, and why', async () => {
  const { caches, clock, transport, log } = stage()
  caches.add({ resource: RESOURCES.ConfigMap })
  caches.start()
  await clock.advance(0)
  const refused = Array.from({ length: 200 }, (): Fault => ({ type: 'status', status: 500 }))
  const stream = transport.stream.bind(transport)
  transport.stream = async (request) => {
    transport.faults.push(...refused.splice(0))
    return stream(request)
  }
  await caches.stop()
  caches.start()
  await clock.advance(119_000)
  expect(caches.troubles()).toEqual([])
  await clock.advance(2_000)
  expect(caches.troubles()).toEqual(['configmaps were not heard of for 121 s: The model says 500 Told.'])
  expect(log.lines[0]).toBe('warn A watch broke and begins again.')
})

it('does not wait for a kind that may be missing', async () => {
  const { caches, clock, transport } = stage()
  const maps = caches.add({ resource: RESOURCES.ConfigMap, optional: true })
  transport.faults.push({ type: 'status', status: 404 })
  caches.start()
  await clock.advance(0)
  await caches.untilSynced(new AbortController().signal)
  expect(maps.isServed).toBe(false)
  expect(caches.troubles()).toEqual([])
})

it('says which kind the cluster does not define, and takes it up when it does', async () => {
  const { caches, clock, transport, log } = stage()
  caches.add({ resource: RESOURCES.UserDeployment })
  transport.faults.push({ type: 'status', status: 404 })
  caches.start()
  await clock.advance(0)
  const sentence =
    'this cluster does not define userdeployments.scheduler.opsnorth.io: apply the manifests that do (ours with kubectl apply -f operator/manifests)'
  expect(caches.troubles()).toEqual([sentence])
  expect(log.lines).toEqual([`warn ${sentence}; it is looked for again.`])
  await clock.advance(60_000)
  expect(caches.troubles()).toEqual([])
})

it('puts an answer into the caches of its kind, and no other', () => {
  const { caches, model } = stage()
  const maps = caches.add({ resource: RESOURCES.ConfigMap })
  const pods = caches.add({ resource: RESOURCES.Pod })
  caches.accept(RESOURCES.ConfigMap, model.put('a'))
  expect([maps.size, pods.size]).toEqual([1, 0])
})

it('gives an answer that several caches keep to each as its own', () => {
  const { caches, model } = stage()
  const [first, second] = [
    caches.add({ resource: RESOURCES.ConfigMap }),
    caches.add({ resource: RESOURCES.ConfigMap }),
  ]
  const object = model.put('a')
  caches.accept(RESOURCES.ConfigMap, object)
  const [kept] = first.values()
  expect([...second.values()]).toEqual([kept])
  expect([...second.values()][0]?.metadata).not.toBe(kept?.metadata)
})

it('takes no cache after it has started', () => {
  const { caches } = stage()
  caches.start()
  expect(() => caches.add({ resource: RESOURCES.Pod })).toThrow(
    'Declare every cache before the manager starts.',
  )
})
