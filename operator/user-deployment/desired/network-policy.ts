import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import type { IngressSource } from '../../../src/contract/render-settings.ts'
import { deploymentChild, ingressPolicyChild } from '../child-names.ts'
import type { Manifest } from '../manifest.ts'
import { hostsOf } from './hosts.ts'
import { reachOf, type Reach } from './ranges.ts'
import { deploymentLabels, metadataOf, serviceLabels, type Rendering } from './rendering.ts'

interface Selector {
  matchLabels?: Record<string, string>
}
interface Peer {
  podSelector?: Selector
  namespaceSelector?: Selector
  ipBlock?: { cidr: string; except?: string[] }
}
interface PolicyPort {
  port: number
  protocol: 'TCP' | 'UDP'
}

/** https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
interface NetworkPolicySpec {
  podSelector: Selector
  policyTypes: ('Ingress' | 'Egress')[]
  ingress?: { from: Peer[]; ports?: PolicyPort[] }[]
  egress?: { to: Peer[]; ports?: PolicyPort[] }[]
}

export type NetworkPolicyManifest = Manifest & { spec: NetworkPolicySpec }

/**
 * What the pods of a deployment may reach and who may reach them, on top of the namespace's policy that denies
 * everything. Another tenant's pods are in no rule, whatever the isolation.
 */
export function networkPolicyOf(rendering: Rendering): NetworkPolicyManifest {
  const { resource } = rendering
  const neighbours = neighboursOf(resource)
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(rendering, deploymentChild(resource)),
    spec: {
      podSelector: { matchLabels: deploymentLabels(resource) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [neighbours] }],
      egress: [dns, { to: [neighbours] }, ...internetOf(resource), ...chosenOf(rendering)],
    },
  }
}

/** The ingress controller may reach the one port that answers outside; none for an internal deployment. */
export function ingressPolicyOf(rendering: Rendering): NetworkPolicyManifest | null {
  const { resource, settings } = rendering
  const { ingress } = resource.spec
  const service = resource.spec.services.find(({ name }) => name === ingress?.service)
  if (!ingress || !service || hostsOf(rendering).length === 0) return null
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(rendering, ingressPolicyChild(resource, service.name), { service }),
    spec: {
      podSelector: { matchLabels: serviceLabels(resource, service.name) },
      policyTypes: ['Ingress'],
      ingress: [{ from: settings.ingressFrom.map(peerOf), ports: [{ port: ingress.port, protocol: 'TCP' }] }],
    },
  }
}

/** `shared`: all pods of the namespace, which is one tenant's; otherwise those of this deployment alone. */
function neighboursOf(resource: UserDeployment): Peer {
  if (resource.spec.network.isolation === 'shared') return { podSelector: {} }
  return { podSelector: { matchLabels: deploymentLabels(resource) } }
}

const dns: NonNullable<NetworkPolicySpec['egress']>[0] = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
}

const INTERNET: Peer[] = ['0.0.0.0/0', '::/0'].flatMap((cidr) => reachOf(cidr) ?? []).map(blockOf)

function internetOf({ spec }: UserDeployment): NonNullable<NetworkPolicySpec['egress']> {
  return spec.network.internet ? [{ to: INTERNET }] : []
}

/** Ranges that the deployment names. What is private is granted only where the installation allows it. */
function chosenOf({ resource, settings }: Rendering): NonNullable<NetworkPolicySpec['egress']> {
  return resource.spec.network.egress.flatMap(({ cidr, ports }) => {
    const reach = reachOf(cidr, settings.privateEgress)
    if (!reach) return []
    const rule = { to: [blockOf(reach)] }
    if (ports.length === 0) return [rule]
    return [{ ...rule, ports: ports.map((port) => ({ port, protocol: 'TCP' as const })) }]
  })
}

function blockOf({ cidr, except }: Reach): Peer {
  return { ipBlock: except.length > 0 ? { cidr, except } : { cidr } }
}

const peerOf = (source: IngressSource): Peer =>
  'cidr' in source
    ? { ipBlock: { cidr: source.cidr } }
    : { namespaceSelector: { matchLabels: { ...source.namespaceLabels } } }
