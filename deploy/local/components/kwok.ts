import type { KubeObject } from '../cluster-api.ts'
import type { Command, Component, StartContext } from '../component.ts'
import { flags } from '../flags.ts'
import { assertAnswers } from '../probe.ts'
import { paths } from '../site.ts'

/**
 * kwok plays nodes that have no machine behind them: their pods become Ready without running. Beside the
 * real node they take only pods that ask for them; without one they take every pod.
 */
export const kwok: Component = {
  name: 'kwok',
  about: 'Simulated nodes',
  needs: ['kube-apiserver'],
  programs: ['kwok'],
  async start({ site, program, cluster }: StartContext): Promise<Command> {
    if (!site.machine.canRunNode) await cluster.apply(simulatedNode('simulated-0', []))
    const args = flags({
      kubeconfig: paths.kubeconfig(site, 'kwok'),
      'manage-all-nodes': 'false',
      'manage-nodes-with-annotation-selector': 'kwok.x-k8s.io/node=fake',
      'server-address': `127.0.0.1:${site.ports.kwok}`,
      'node-lease-duration-seconds': '40',
      'node-ip': site.net.node,
    })
    return { path: program('kwok'), args, env: { GOGC: '50' } }
  },
  ready: async ({ site }) => assertAnswers(`http://127.0.0.1:${site.ports.kwok}/healthz`),
}

interface Taint {
  readonly key: string
  readonly value: string
  readonly effect: 'NoSchedule'
}

/** Keeps ordinary pods off simulated nodes; load tests tolerate it. */
const simulatedTaint: Taint = { key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }

/** A node for kwok to play: apply it like any object. */
function simulatedNode(name: string, taints: readonly Taint[] = [simulatedTaint]): KubeObject {
  const size = { cpu: '32', memory: '256Gi', pods: '110' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'shipyard.localhost/node': 'simulated',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': name,
      },
    },
    spec: { taints },
    status: { allocatable: size, capacity: size },
  }
}
