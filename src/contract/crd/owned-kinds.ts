/**
 * Kinds that are ours where they carry our label, and that the server may remove when they belong to nobody: all that
 * server and operator make, in the order of reports. What runs stands before what fences it, to be removed first.
 */
export const OWNED_KINDS = [
  'Namespace',
  'UserDeployment',
  'Deployment',
  'Service',
  'Ingress',
  'Middleware',
  'ConfigMap',
  'ExternalSecret',
  'PersistentVolumeClaim',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
] as const
export type OwnedKind = (typeof OWNED_KINDS)[number]

/** Of these some guard a namespace, and belong to no deployment. */
export const GUARDING_KINDS: ReadonlySet<OwnedKind> = new Set<OwnedKind>([
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
])
