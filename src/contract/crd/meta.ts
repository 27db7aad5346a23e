/** What our objects in Kubernetes are called and marked with. Shared by server, operator and tests. */

/** The API group of all kinds of ours. */
export const GROUP = 'scheduler.opsnorth.io'
export const VERSION = 'v1alpha1'
export const API_VERSION = `${GROUP}/${VERSION}` as const

/** Our kinds with their plural, which stands in the URL. */
export const PLURALS = {
  UserDeployment: 'userdeployments',
  AgentTask: 'agenttasks',
  Workflow: 'workflows',
} as const
export type Kind = keyof typeof PLURALS

/**
 * Labels: ids and fixed words only, because a label is limited to 63 characters and selects objects. The numbers that a
 * namespace is held to are labels too (src/contract/namespace-limits.ts).
 * Ids stand there whole (`dep_…`): a label may hold the underscore.
 */
export const LABELS = {
  /** On everything that we make: `MANAGED_BY`. */
  managedBy: 'app.kubernetes.io/managed-by',
  /** The name of the custom resource that an object belongs to: the selector of all parts of a deployment. */
  deployment: `${GROUP}/deployment`,
  /** The service of that deployment that an object belongs to. */
  service: `${GROUP}/service`,
  deploymentId: `${GROUP}/deployment-id`,
  userId: `${GROUP}/user-id`,
  orgId: `${GROUP}/org-id`,
  teamId: `${GROUP}/team-id`,
  /** On a namespace: the plan whose limits it is held to. */
  plan: `${GROUP}/plan`,
  /** On a namespace: `isolation` of the plan. */
  isolation: `${GROUP}/isolation`,
} as const

/** The value of `LABELS.managedBy`. */
export const MANAGED_BY = 'shipyard'

/** Annotations: what people read, and what the server notes for itself. Nothing is selected by them. */
export const ANNOTATIONS = {
  displayName: `${GROUP}/display-name`,
  /** The row's generation that the server wrote last, as a decimal number. */
  generation: `${GROUP}/generation`,
  revision: `${GROUP}/revision`,
  template: `${GROUP}/template`,
  /** On a pod template: hash of what the pods read at their start and nothing else would show. */
  configHash: `${GROUP}/config-hash`,
  restartedAt: `${GROUP}/restarted-at`,
} as const

/** Field managers of server-side apply: one for each writer, so that the API server knows whose a field is. */
export const FIELD_MANAGERS = { server: 'shipyard-server', operator: 'shipyard-operator' } as const
