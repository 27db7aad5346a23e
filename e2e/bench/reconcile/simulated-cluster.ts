/** A real API server with its controllers and scheduler, on whose nodes no pod really runs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { bind } from '../../../deploy/local/access.ts'
import { clusterApi, type ClusterApi, type KubeObject } from '../../../deploy/local/cluster-api.ts'
import { readManifests } from '../../../deploy/local/manifests.ts'
import { programStore } from '../../../deploy/local/programs/store.ts'
import { repository } from '../../../deploy/local/settings.ts'
import { startStack } from '../../../deploy/local/stack.ts'

export interface SimulatedCluster {
  readonly api: ClusterApi
  /** Of the administrator: what is not measured goes by it, and the floor, so that rights make no difference. */
  readonly kubeconfig: string
  /** Under the rights of the operator's manifests. */
  readonly operatorKubeconfig: string
  readonly folder: string
}

const NODES = 16
const PODS_EACH = 1_000

/** Brings it up in a new folder that is removed at the end. */
export async function withSimulatedCluster<T>(work: (cluster: SimulatedCluster) => Promise<T>): Promise<T> {
  const folder = join(mkdtempSync(join(tmpdir(), 'shipyard-bench-')), 'stack')
  const programs = programStore({})
  const parts = ['kube-controller-manager', 'kube-scheduler', 'kwok']
  try {
    const stack = await startStack({ folder, programs, parts })
    try {
      await stack.untilReady()
      const kubeconfig = stack.env.KUBECONFIG ?? ''
      const api = clusterApi(kubeconfig)
      await api.apply(...readManifests(join(repository, 'operator/manifests')))
      await api.apply(bind('shipyard-operator', 'shipyard-operator', 'shipyard-operator'))
      const definitions = readManifests(await programs.get('eso-crds'))
      await api.apply(
        ...definitions.filter(({ metadata }) => metadata.name.startsWith('externalsecrets.')),
        ...Array.from({ length: NODES }, (_, index) => node(`bench-${index}`)),
      )
      return await work({
        api,
        kubeconfig,
        operatorKubeconfig: join(folder, 'kubeconfig/shipyard-operator.yaml'),
        folder,
      })
    } finally {
      await stack.stop()
    }
  } finally {
    rmSync(join(folder, '..'), { recursive: true, force: true })
  }
}

function node(name: string): KubeObject {
  const size = { cpu: '1000', memory: '4Ti', 'ephemeral-storage': '100Ti', pods: String(PODS_EACH) }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name },
    },
    status: { allocatable: size, capacity: size },
  }
}
