/** How deployments fare in the cluster, as last heard: `workers/follow-status.ts` keeps it, views are made of it. */
import type { UserDeployment } from '../../contract/crd/user-deployment.ts'
import type { Namespace, ResourceName } from '../../contract/names.ts'

interface FactKey {
  readonly namespace: Namespace
  readonly name: ResourceName
}

/**
 * `absent`: this installation has no cluster. `unreachable`: it has not been heard of, or not for long; what is
 * known may be old. `unprepared`: it answers, and does not define our kinds.
 */
export type ClusterState = 'live' | 'unreachable' | 'unprepared' | 'absent'

export interface Facts {
  cluster(): ClusterState
  of(key: FactKey): UserDeployment | undefined
  all(): readonly UserDeployment[]
}

/** Where there is no cluster. */
export const noFacts: Facts = { cluster: () => 'absent', of: () => undefined, all: () => [] }
