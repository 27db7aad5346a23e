/** Updates that failed and that somebody wants to be undone: read off the custom resource. Pure. */
import { findCondition, isTrue, type Reason } from '../../contract/crd/conditions.ts'
import { ANNOTATIONS, LABELS } from '../../contract/crd/meta.ts'
import type { UserDeployment } from '../../contract/crd/user-deployment.ts'
import { DeploymentId } from '../../contract/ids.ts'

export interface FailedUpdate {
  readonly id: DeploymentId
  /** The row's generation that the resource was written from. */
  readonly generation: number
  /** The revision that does not become ready. */
  readonly failed: number
  /** The last one that was. */
  readonly good: number
  readonly reason: string
}

/**
 * What an update can have brought about, so that going back may mend it. A secret store or a node that is away, a host
 * name of somebody else or a plan that is used up would befall the earlier revision as well.
 */
const BY_AN_UPDATE: readonly Reason[] = [
  'InvalidSpec',
  'SecretsIncomplete',
  'ImageNotFound',
  'ImagePullDenied',
  'CrashLoop',
  'OutOfMemory',
  'Unschedulable',
  'QuotaExceeded',
  'ProbeFailing',
  'ConfigError',
  'VolumePending',
  'DeadlineExceeded',
]

/** Nothing while the operator still hopes, or has not looked at the newest wish. */
export function failedUpdate(resource: UserDeployment): FailedUpdate | undefined {
  const { metadata, spec, status } = resource
  const reason = isWanted(resource) ? reasonOf(resource) : undefined
  const good = status?.readyRevision ?? Infinity
  const id = DeploymentId.safeParse(metadata.labels?.[LABELS.deploymentId])
  if (reason === undefined || good >= spec.revision || !id.success) return undefined
  const generation = Number(metadata.annotations?.[ANNOTATIONS.generation] ?? 0)
  return { id: id.data, generation, failed: spec.revision, good, reason }
}

const isWanted = ({ metadata, spec }: UserDeployment): boolean =>
  spec.rollbackOnFailure && !spec.suspended && metadata.deletionTimestamp === undefined

/** Why the newest wish does not become true, once that is sure. */
function reasonOf({ metadata, status }: UserDeployment): string | undefined {
  if (!status || status.observedGeneration !== metadata.generation) return undefined
  if (!isTrue(status.conditions, 'Stalled')) return undefined
  const reason = findCondition(status.conditions, 'Stalled')?.reason
  return BY_AN_UPDATE.find((each) => each === reason)
}
