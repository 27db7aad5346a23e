import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { bind } from '../../../deploy/local/access.ts'
import { readKubeconfig, type KubeObject } from '../../../deploy/local/cluster-api.ts'
import { createTenant, deploy, installOperator } from '../../../e2e/fixtures/operator.ts'
import { openCluster } from '../../../e2e/fixtures/cluster.ts'
import { startRecordingProxy } from '../../../e2e/fixtures/recording-proxy.ts'
import { API_VERSION } from '../../contract/crd/meta.ts'
import { chance } from '../../testing/hostile-words.ts'
import { createKube } from './kubernetes.ts'
import { hostileCall, strays } from './testing/hostile-calls.ts'
import { writeKubeconfig } from './testing/kubeconfig.ts'

const attempts = 2_000
const atOnce = 20

const seed = inject('testSeed')

it(`asks a real API server for nothing outside the namespace (seed ${seed})`, async () => {
  const cluster = openCluster()
  await installOperator(cluster)
  await cluster.apply(bind('shipyard-server', 'shipyard-server', 'shipyard-server'))
  const own = await createTenant(cluster)
  const victim = await createTenant(cluster)
  const { name } = await deploy(cluster, victim, {})
  /** What another user has and only the server writes: an operator of another test may write a status beside it. */
  const found = async (): Promise<unknown> => {
    const path = `/apis/${API_VERSION}/namespaces/${victim.namespace}/userdeployments/${name}`
    const { metadata, spec } = await cluster.get<KubeObject>(path)
    return { metadata: { ...metadata, resourceVersion: '', managedFields: [] }, spec }
  }
  const before = await found()

  const folder = await mkdtemp(join(tmpdir(), 'shipyard-kube-'))
  const server = join(inject('stackFolder'), 'kubeconfig/shipyard-server.yaml')
  const proxy = await startRecordingProxy(readKubeconfig(server))
  const kubeconfig = await writeKubeconfig(join(folder, 'kubeconfig.json'), proxy.address)
  const kube = createKube({ kubeconfig })
  const below = chance(seed)
  for (let done = 0; done < attempts; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, async () => hostileCall(kube, own.namespace, below)))
  }
  await Promise.all([kube.close(), proxy.close(), rm(folder, { recursive: true })])

  expect(proxy.urls.length).toBeGreaterThan(attempts / 100)
  expect(strays(proxy.urls, own.namespace)).toEqual([])
  expect(await found()).toEqual(before)
  await cluster.close()
})
