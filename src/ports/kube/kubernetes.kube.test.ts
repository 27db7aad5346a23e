import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { readKubeconfig } from '../../../deploy/local/cluster-api.ts'
import { eventually, stackEnv } from '../../../e2e/fixtures/cluster.ts'
import { takeTurn, TURN_TIMEOUT_MS } from '../../../e2e/fixtures/operator.ts'
import { startTcpProxy } from '../../../e2e/fixtures/tcp-proxy.ts'
import { withApiServer } from '../../../e2e/fixtures/user-deployment-api.ts'
import { LABELS, GROUP } from '../../contract/crd/meta.ts'
import { createKube } from './kubernetes.ts'
import type { ResourceKey } from './port.ts'
import { conformsToKubePort, aUserDeployment } from './testing/conformance.ts'

const { cluster } = withApiServer()

/** An operator of another file would write the status of what is made here, where that file counts its writes. */
let endTurn: () => Promise<void>
beforeAll(async () => {
  endTurn = await takeTurn(cluster)
}, TURN_TIMEOUT_MS)
afterAll(async () => endTurn())

describe('the cluster port at a real API server', () => {
  const troubles: unknown[] = []
  const kube = createKube({ kubeconfig: stackEnv('KUBECONFIG'), onTrouble: (error) => troubles.push(error) })
  afterAll(async () => kube.close())

  conformsToKubePort(() => ({
    kube,
    async labelsOf(namespace) {
      const { metadata } = await cluster.get<{ metadata: { labels: Record<string, string> } }>(
        `/api/v1/namespaces/${namespace}`,
      )
      return metadata.labels
    },
    // In the garbage collector's place, which gets to know of a new kind only after half a minute; it may be first.
    async finishDeletion({ namespace, name }) {
      const path = `/apis/${GROUP}/v1alpha1/namespaces/${namespace}/userdeployments/${name}`
      const content = JSON.stringify({ metadata: { finalizers: null } })
      await cluster
        .call('PATCH', path, { type: 'application/merge-patch+json', content })
        .catch((error: unknown) => {
          if ((error as { status?: number }).status !== 404) throw error
        })
    },
    async putPod({ namespace, name: deployment }, { name, service }) {
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          namespace,
          labels: { [LABELS.deployment]: deployment, [LABELS.service]: service },
        },
        spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] },
      })
    },
  }))

  it('leaves labels of others on a namespace', async () => {
    const { namespace = '' } = aUserDeployment().metadata
    const labels = { 'example.com/theirs': 'x' }
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } })
    await kube.ensureNamespace(namespace as Parameters<typeof kube.ensureNamespace>[0], {
      'example.com/ours': 'y',
    })
    const after = await cluster.get<{ metadata: { labels: object } }>(`/api/v1/namespaces/${namespace}`)
    expect(after.metadata.labels).toMatchObject({ 'example.com/theirs': 'x', 'example.com/ours': 'y' })
  })

  it('takes back a field that somebody changed, and leaves the status', async () => {
    const resource = aUserDeployment()
    const { namespace, name } = resource.metadata
    await kube.ensureNamespace(namespace as Parameters<typeof kube.ensureNamespace>[0], {})
    await kube.applyUserDeployment(resource)
    const path = `/apis/${GROUP}/v1alpha1/namespaces/${namespace}/userdeployments/${name}`
    const merge = { type: 'application/merge-patch+json', content: JSON.stringify({ spec: { revision: 7 } }) }
    await cluster.call('PATCH', path, merge)
    const status = { type: merge.type, content: JSON.stringify({ status: { phase: 'Ready' } }) }
    await cluster.call('PATCH', `${path}/status`, status)
    await kube.applyUserDeployment(resource)
    expect(await cluster.get(path)).toMatchObject({ spec: { revision: 1 }, status: { phase: 'Ready' } })
  })

  it('met no trouble', () => {
    expect(troubles).toEqual([])
  })
})

describe('connections', () => {
  const calls = inject('testLevel') >= 9 ? 10_000 : 2000

  it(`are so few that ${calls} calls take at most 20 TLS handshakes`, async () => {
    const kubeconfig = stackEnv('KUBECONFIG')
    const door = await startTcpProxy(readKubeconfig(kubeconfig).origin)
    const folder = await mkdtemp(join(tmpdir(), 'shipyard-kube-'))
    const throughDoor = join(folder, 'kubeconfig.yaml')
    const here = await readFile(kubeconfig, 'utf8')
    await writeFile(throughDoor, here.replace(/server: .*/, `server: https://127.0.0.1:${door.port}`))
    const kube = createKube({ kubeconfig: throughDoor })
    const { namespace, name } = aUserDeployment().metadata
    let left = calls
    const caller = async (): Promise<void> => {
      while (left-- > 0) await kube.listPods({ namespace, name } as ResourceKey)
    }
    await Promise.all(Array.from({ length: 32 }, caller))
    // A connection is a handshake; the API server's side of it counts them.
    expect(door.connections()).toBeGreaterThan(0)
    expect(door.connections()).toBeLessThanOrEqual(20)
    await kube.close()
    await Promise.all([door.close(), rm(folder, { recursive: true })])
  })
})

describe('a cluster that is away', () => {
  it('is found when its kubeconfig appears, and what was there before it with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shipyard-kube-'))
    const kubeconfig = join(folder, 'kubeconfig.yaml')
    const [resource, early] = [aUserDeployment(), createKube({ kubeconfig })]
    const key = { namespace: resource.metadata.namespace, name: resource.metadata.name } as ResourceKey
    const view = early.watchUserDeployments()
    const heard: ResourceKey[] = []
    view.onChange((each) => heard.push(each))
    expect(view.freshness()).toEqual({
      isSynced: false,
      ageMs: Number.POSITIVE_INFINITY,
      reason: expect.stringContaining('kubeconfig'),
    })
    await expect(early.applyUserDeployment(resource)).rejects.toMatchObject({ code: 'CLUSTER_UNAVAILABLE' })
    expect(await early.health()).toMatchObject({ isHealthy: false })

    await copyFile(stackEnv('KUBECONFIG'), kubeconfig)
    await early.ensureNamespace(key.namespace, {})
    await early.applyUserDeployment(resource)
    await eventually(10_000, async () => expect(view.get(key)).toBeDefined())
    expect(heard).toContainEqual(key)
    await early.close()
    await rm(folder, { recursive: true })
  })

  it('is said to be so, by every call', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shipyard-kube-'))
    const kubeconfig = join(folder, 'kubeconfig.yaml')
    const here = await readFile(stackEnv('KUBECONFIG'), 'utf8')
    await writeFile(kubeconfig, here.replace(/server: .*/, 'server: https://127.0.0.1:1'))
    const kube = createKube({ kubeconfig })
    const resource = aUserDeployment()
    const key = { namespace: resource.metadata.namespace, name: resource.metadata.name } as ResourceKey
    const away = { code: 'CLUSTER_UNAVAILABLE' }
    expect(await kube.health()).toEqual({
      isHealthy: false,
      reason: expect.stringContaining('does not answer'),
    })
    await expect(kube.ensureNamespace(key.namespace, {})).rejects.toMatchObject(away)
    await expect(kube.applyUserDeployment(resource)).rejects.toMatchObject(away)
    await expect(kube.deleteUserDeployment(key)).rejects.toMatchObject(away)
    await expect(kube.listPods(key)).rejects.toMatchObject(away)
    await expect(kube.dryRun(resource)).rejects.toMatchObject(away)
    await kube.close()
    await expect(kube.listPods(key)).rejects.toMatchObject(away)
    await rm(folder, { recursive: true })
  })
})
