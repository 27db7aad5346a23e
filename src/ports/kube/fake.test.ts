import { describe, expect, it } from 'vitest'
import { Dns1123Label } from '../../contract/names.ts'
import { manualClock } from '../clock/fake.ts'
import { createFakeKube } from './fake.ts'
import type { LogLine, ResourceKey } from './port.ts'
import { collect } from './testing/collect.ts'
import { aUserDeployment, conformsToKubePort } from './testing/conformance.ts'

describe('the fake cluster', () => {
  conformsToKubePort(() => {
    const clock = manualClock()
    const kube = createFakeKube(clock)
    return {
      kube,
      labelsOf: async (namespace) => kube.labelsOf(namespace) ?? {},
      finishDeletion: async (key) => kube.finishDeletion(key),
      async putPod(key, pod) {
        kube.putPod(key, {
          ...pod,
          uid: crypto.randomUUID(),
          phase: 'Pending',
          isReady: false,
          isTerminating: false,
          createdAt: new Date(clock.nowMs()),
          containers: [],
        })
      },
    }
  })

  it('is away when it is told', async () => {
    const clock = manualClock()
    const kube = createFakeKube(clock)
    const resource = aUserDeployment()
    const key = { namespace: resource.metadata.namespace, name: resource.metadata.name } as ResourceKey
    await kube.ensureNamespace(key.namespace, {})
    await kube.applyUserDeployment(resource)
    kube.setDown(true)
    clock.advance(5_000)
    await expect(kube.applyUserDeployment(resource)).rejects.toMatchObject({ code: 'CLUSTER_UNAVAILABLE' })
    expect(await kube.health()).toMatchObject({ isHealthy: false })
    const view = kube.watchUserDeployments()
    expect(view.freshness()).toMatchObject({ isSynced: true, ageMs: 5_000 })
    expect(view.get(key)).toBeDefined()
    kube.setDown(false)
    expect(view.freshness()).toEqual({ isSynced: true, ageMs: 0 })
  })

  it('keeps a status over changes of the spec, as the API server does', async () => {
    const kube = createFakeKube(manualClock())
    const resource = aUserDeployment()
    const key = { namespace: resource.metadata.namespace, name: resource.metadata.name } as ResourceKey
    await kube.ensureNamespace(key.namespace, {})
    await kube.applyUserDeployment(resource)
    kube.setStatus(key, { phase: 'Ready', observedGeneration: 1 })
    await kube.applyUserDeployment({ ...resource, spec: { ...resource.spec, revision: 2 } })
    expect(kube.watchUserDeployments().get(key)).toMatchObject({
      metadata: { generation: 2 },
      status: { phase: 'Ready', observedGeneration: 1, urls: [] },
    })
  })
})

describe('a log of the fake cluster', () => {
  const source = {
    namespace: 'sandbox' as ResourceKey['namespace'],
    pod: Dns1123Label.parse('web-1'),
    container: Dns1123Label.parse('web'),
  }
  const lineAt = (second: number, text: string) => ({
    timestamp: `2026-01-01T00:00:0${second}.000000000Z`,
    text,
  })
  const signal = new AbortController().signal
  const textsOf = (batches: readonly (readonly LogLine[])[]): string[] =>
    batches.flat().map(({ text }) => text)

  const written = () => {
    const kube = createFakeKube(manualClock())
    for (const [second, text] of [
      [1, 'a'],
      [1, 'b'],
      [2, 'c'],
    ] as const)
      kube.writeLog(source, lineAt(second, text))
    return kube
  }

  it('is read from its beginning, its end, or a second', async () => {
    const kube = written()
    const read = async (options: object) =>
      textsOf(await collect(kube.followLog(source, { once: true, signal, ...options })))
    expect(await read({})).toEqual(['a', 'b', 'c'])
    expect(await read({ tailLines: 1 })).toEqual(['c'])
    expect(await read({ tailLines: 0 })).toEqual([])
    expect(await read({ sinceTime: lineAt(2, '').timestamp })).toEqual(['c'])
    expect(await read({ sinceTime: lineAt(3, '').timestamp })).toEqual([])
  })

  it('is followed until its end, with ids that are the same for everybody', async () => {
    const kube = written()
    const all = collect(kube.followLog(source, { signal }))
    const news = collect(kube.followLog(source, { tailLines: 0, signal }))
    await new Promise(setImmediate)
    kube.writeLog(source, lineAt(2, 'd'))
    await new Promise(setImmediate)
    kube.endLog(source)
    expect((await all).flat().map(({ ordinal, text }) => `${ordinal}${text}`)).toEqual([
      '0a',
      '1b',
      '0c',
      '1d',
    ])
    expect(textsOf(await news)).toEqual(['d'])
  })

  it('lets go when nobody follows any more', async () => {
    const controller = new AbortController()
    const reading = collect(written().followLog(source, { signal: controller.signal }))
    await new Promise(setImmediate)
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
  })
})
