import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, openCluster, restrictedNamespace } from '../fixtures/cluster.ts'
import { restrictedContainer, restrictedPod } from '../fixtures/hello-manifests.ts'
import { privateRegistry, type PrivateRegistry } from '../fixtures/private-registry.ts'

interface Pod {
  readonly status: {
    readonly containerStatuses?: readonly {
      ready: boolean
      state: { waiting?: { reason: string; message?: string } }
    }[]
  }
}

/** An image behind a password: refused without pull credentials, run with them. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const namespace = 'private-image'
  let registry: PrivateRegistry

  beforeAll(async () => {
    registry = await privateRegistry()
    const { host, username, password } = registry
    const auth = Buffer.from(`${username}:${password}`).toString('base64')
    await cluster.apply(restrictedNamespace(namespace), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'pull', namespace },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [host]: { auth } } }) },
    })
  })

  afterAll(async () => {
    await cluster.delete(`/api/v1/namespaces/${namespace}`)
    await cluster.close()
  })

  const run = async (name: string, pullSecrets: readonly string[]): Promise<void> =>
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        securityContext: restrictedPod,
        imagePullSecrets: pullSecrets.map((each) => ({ name: each })),
        containers: [
          {
            name: 'hello',
            image: registry.image,
            imagePullPolicy: 'Always',
            securityContext: restrictedContainer,
          },
        ],
      },
    })

  const containerOf = async (name: string) => {
    const { status } = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${name}`)
    return status.containerStatuses?.[0]
  }

  it('is refused without pull credentials, and the pod says so', async () => {
    await run('without', [])
    await eventually(60_000, async () => {
      const waiting = (await containerOf('without'))?.state.waiting
      expect(waiting?.reason).toBe('ErrImagePull')
      expect(waiting?.message).toMatch(/401 Unauthorized|authorization failed|no basic auth credentials/)
    })
  })

  it('runs with them', async () => {
    await run('with', ['pull'])
    await eventually(60_000, async () => expect(await containerOf('with')).toMatchObject({ ready: true }))
  })
})
