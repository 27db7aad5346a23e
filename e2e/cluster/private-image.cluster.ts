import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { localImages } from '../../deploy/local/images/local-images.ts'
import { buildImage } from '../../deploy/local/images/oci-image.ts'
import { pushImage } from '../../deploy/local/images/push.ts'
import { programStore } from '../../deploy/local/programs/store.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, openCluster, restrictedNamespace, stackEnv } from '../fixtures/cluster.ts'
import { restrictedContainer, restrictedPod } from '../fixtures/hello-manifests.ts'

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
  const image = 'registry-private.localhost/shipyard/hello:1'
  const [host = '', url = ''] = stackEnv('SHIPYARD_REGISTRY_PRIVATE').split('=')
  const username = 'shipyard'
  const password = readFileSync(join(inject('stackFolder'), 'secrets/registry-private'), 'utf8')

  beforeAll(async () => {
    const programs = programStore({})
    const [hello, busybox, coredns] = await Promise.all([
      programs.get('hello'),
      programs.get('busybox'),
      programs.get('coredns'),
    ])
    const spec = localImages({ hello, busybox, coredns }).find((each) => each.name === 'shipyard/hello')
    if (!spec) throw new Error('there is no image shipyard/hello')
    const built = await buildImage(spec)
    await pushImage(built, { url, auth: { username, password } })
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
          { name: 'hello', image, imagePullPolicy: 'Always', securityContext: restrictedContainer },
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
