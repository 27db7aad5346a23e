import { fail } from '../../errors.ts'
import type { KubePort } from './port.ts'

/**
 * A cluster whose credentials may come after us: on one machine the server is up before the cluster is, and its
 * kubeconfig is written by then only. Until it can be opened every call finds the cluster away.
 *
 * @param open tried at each call until it succeeds
 */
export function kubeWhenThere(open: () => KubePort): KubePort {
  let kube: KubePort | undefined
  const reach = (): KubePort => {
    try {
      return (kube ??= open())
    } catch (error) {
      return fail('CLUSTER_UNAVAILABLE', {}, { because: 'it cannot be opened yet', cause: error })
    }
  }
  return {
    ensureNamespace: async (...args) => reach().ensureNamespace(...args),
    applyUserDeployment: async (...args) => reach().applyUserDeployment(...args),
    deleteUserDeployment: async (...args) => reach().deleteUserDeployment(...args),
    watchUserDeployments: () => reach().watchUserDeployments(),
    listPods: async (...args) => reach().listPods(...args),
    followLog: (...args) => reach().followLog(...args),
    dryRun: async (...args) => reach().dryRun(...args),
    health: async () =>
      kube ? kube.health() : { isHealthy: false, reason: 'The cluster is not there yet.' },
    close: async () => kube?.close(),
  }
}
