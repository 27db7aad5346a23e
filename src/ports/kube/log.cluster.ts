import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { restrictedContainer, restrictedPod } from '../../../e2e/fixtures/hello-manifests.ts'
import { eventually, openCluster, restrictedNamespace, stackEnv } from '../../../e2e/fixtures/cluster.ts'
import { skipUnless } from '../../testing/levels.ts'
import { Dns1123Label } from '../../contract/names.ts'
import { createKube } from './kubernetes.ts'
import type { FollowLogOptions, LogLine, LogSource } from './port.ts'
import { collect } from './testing/collect.ts'

/** Counts to 200, then waits to be ended. */
const script = 'i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo line $i; done; sleep 3600'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const kube = createKube({ kubeconfig: stackEnv('KUBECONFIG') })
  const namespace = Dns1123Label.parse('kube-port-log') as LogSource['namespace']
  const source: LogSource = {
    namespace,
    pod: Dns1123Label.parse('counter'),
    container: Dns1123Label.parse('counter'),
  }

  beforeAll(async () => {
    await cluster.apply(restrictedNamespace(namespace), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: source.pod, namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        securityContext: restrictedPod,
        containers: [
          {
            name: source.container,
            image: 'registry.localhost/shipyard/busybox:1',
            command: ['sh', '-c', script],
            securityContext: restrictedContainer,
          },
        ],
      },
    })
    await eventually(60_000, async () => {
      const lines = await read({})
      if (lines.length < 200) throw new Error(`there are ${lines.length} lines so far`)
    })
  })
  afterAll(async () => {
    await cluster.delete(`/api/v1/namespaces/${namespace}`)
    await Promise.all([cluster.close(), kube.close()])
  })

  const read = async (options: Omit<FollowLogOptions, 'signal'>): Promise<LogLine[]> => {
    const signal = AbortSignal.timeout(20_000)
    return (await collect(kube.followLog(source, { once: true, ...options, signal }))).flat()
  }
  const textsOf = (lines: readonly LogLine[]): string[] => lines.map(({ text }) => text)

  it('gives every line once, in order, each with an id of its own', async () => {
    const lines = await read({})
    expect(textsOf(lines)).toEqual(Array.from({ length: 200 }, (_, index) => `line ${index + 1}`))
    expect(new Set(lines.map(({ timestamp, ordinal }) => `${timestamp} ${ordinal}`)).size).toBe(200)
  })

  it('gives the end, or nothing, of the past', async () => {
    expect(textsOf(await read({ tailLines: 2 }))).toEqual(['line 199', 'line 200'])
    expect(await read({ tailLines: 0 })).toEqual([])
  })

  it('goes on at a line', async () => {
    const lines = await read({})
    const last = lines.at(-1)
    const again = await read({ sinceTime: last?.timestamp ?? '' })
    expect(again.at(-1)).toEqual(last)
    expect(lines).toEqual(expect.arrayContaining(again))
  })

  it('follows until nobody listens any more', async () => {
    const controller = new AbortController()
    const seen: string[] = []
    const following = (async () => {
      for await (const batch of kube.followLog(source, { signal: controller.signal }))
        seen.push(...textsOf(batch))
    })()
    await eventually(10_000, async () => expect(seen).toHaveLength(200))
    controller.abort(new Error('enough'))
    await expect(following).rejects.toThrow('enough')
  })

  it('says of another container that its log is not there', async () => {
    const other = { ...source, container: Dns1123Label.parse('other') }
    const reading = collect(kube.followLog(other, { signal: AbortSignal.timeout(10_000) }))
    await expect(reading).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
