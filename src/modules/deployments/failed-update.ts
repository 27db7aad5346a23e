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
export function failedUpdate({ metadata, spec, status }: UserDeployment): FailedUpdate | undefined {
  const { generation = 0, labels = {}, annotations = {}, deletionTimestamp } = metadata
  const isWanted = spec.rollbackOnFailure && !spec.suspended && deletionTimestamp === undefined
  if (!isWanted || status?.observedGeneration !== generation) return undefined
  const stalled = findCondition(status.conditions, 'Stalled')
  const { readyRevision: good } = status
  if (!stalled || !isTrue(status.conditions, 'Stalled')) return undefined
  if (good === undefined || good >= spec.revision) return undefined
  if (!BY_AN_UPDATE.some((reason) => reason === stalled.reason)) return undefined
  const id = DeploymentId.safeParse(labels[LABELS.deploymentId])
  if (!id.success) return undefined
  return {
    id: id.data,
    generation: Number(annotations[ANNOTATIONS.generation] ?? 0),
    failed: spec.revision,
    good,
    reason: stalled.reason,
  }
}
