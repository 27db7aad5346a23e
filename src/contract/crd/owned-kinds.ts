/**
 * Kinds that are ours where they carry our label, and that the server may remove when they belong to nobody. Network
 * policies and quotas are not among them: what guards a namespace goes with it.
 */
export const OWNED_KINDS = [
  'Namespace',
  'UserDeployment',
  'Deployment',
  'Service',
  'Ingress',
  'ConfigMap',
  'ExternalSecret',
  'PersistentVolumeClaim',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
] as const
export type OwnedKind = (typeof OWNED_KINDS)[number]
