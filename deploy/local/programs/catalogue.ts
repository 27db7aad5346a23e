import { clusterPrograms } from './catalogue-cluster.ts'
import { nodePrograms } from './catalogue-node.ts'
import { partPrograms } from './catalogue-parts.ts'
import type { Catalogue, Program } from './program.ts'

/** In the order in which the stack needs them: what stands first is built first. */
export const programNames = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'bao',
  'containerd',
  'containerd-shim-runc-v2',
  'ctr',
  'libseccomp',
  'runc',
  'kubelet',
  'net-tools',
  'cni-plugins',
  'busybox',
  'calico-crds',
  'calico',
  'kube-proxy',
  'calico-felix',
  'hello',
  'coredns',
  'registry',
  'traefik-crds',
  'traefik',
  'eso-crds',
  'external-secrets',
  'local-path-provisioner',
  'metrics-server',
  'kwok',
  'stripe-mock',
  'stripe-openapi',
  'redis-server',
  'kubectl',
] as const

export type ProgramName = (typeof programNames)[number]

/** Every program of the stack: plain data, read by the sources. */
export const catalogue: Catalogue<ProgramName> = inOrder({
  ...clusterPrograms,
  ...nodePrograms,
  ...partPrograms,
})

function inOrder(programs: Catalogue<ProgramName>): Catalogue<ProgramName> {
  const ordered = programNames.map((name): [ProgramName, Program] => [name, programs[name]])
  return Object.fromEntries(ordered) as Record<ProgramName, Program>
}
