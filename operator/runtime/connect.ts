import { connectTransport } from '../../src/kubernetes/transport.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'

/**
 * The operator's way to its cluster.
 *
 * @param kubeconfig a path; undefined: the usual places, then the account of the pod that it runs in
 * @throws {KubeConfigError} with a sentence for people
 */
export function connect(kubeconfig: string | undefined): Transport {
  return connectTransport({
    userAgent: 'shipyard-operator',
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  })
}
