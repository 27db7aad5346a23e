/**
 * What every tenant's namespace holds, whatever runs in it. The server makes the namespace and puts the labels on it
 * (whose it is, its plan, the level `restricted` of pod security); these objects are kept true by the operator.
 */
import { LABELS, MANAGED_BY } from '../../../src/contract/crd/meta.ts'
import { limitsOfNamespace } from '../../../src/contract/namespace-limits.ts'
import { quotaHard } from '../../../src/contract/tiers.ts'
import { SERVICE_ACCOUNT } from '../child-names.ts'
import type { Manifest, ManifestMeta } from '../manifest.ts'

/** One of each kind that guards a namespace: enough to call it guarded. */
export const GUARDS = {
  NetworkPolicy: 'shipyard-default-deny',
  ResourceQuota: 'shipyard',
  LimitRange: 'shipyard',
  ServiceAccount: SERVICE_ACCOUNT,
} as const

export interface NamespaceFacts {
  name: string
  labels: Readonly<Record<string, string>>
}

/** In the order in which they are applied: nothing may get in or out before anything else is there. */
export function namespaceGuards(namespace: NamespaceFacts): Manifest[] {
  return [defaultDeny(namespace), resourceQuota(namespace), limitRange(namespace), serviceAccount(namespace)]
}

function defaultDeny(namespace: NamespaceFacts): Manifest & { spec: object } {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: guardMetadata(namespace, GUARDS.NetworkPolicy),
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  }
}

function resourceQuota(namespace: NamespaceFacts): Manifest & { spec: object } {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: guardMetadata(namespace, GUARDS.ResourceQuota),
    spec: { hard: quotaHard(limitsOfNamespace(namespace.labels)) },
  }
}

/** For containers that say nothing of their own; also how much of a node's disk one may fill. */
function limitRange(namespace: NamespaceFacts): Manifest & { spec: object } {
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: guardMetadata(namespace, GUARDS.LimitRange),
    spec: {
      limits: [
        {
          type: 'Container',
          default: { cpu: '500m', memory: '512Mi', 'ephemeral-storage': '4Gi' },
          defaultRequest: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
        },
      ],
    },
  }
}

function serviceAccount(namespace: NamespaceFacts): Manifest & { automountServiceAccountToken: false } {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: guardMetadata(namespace, GUARDS.ServiceAccount),
    automountServiceAccountToken: false,
  }
}

const guardMetadata = (namespace: NamespaceFacts, name: string): ManifestMeta => ({
  name,
  namespace: namespace.name,
  labels: { [LABELS.managedBy]: MANAGED_BY },
})
