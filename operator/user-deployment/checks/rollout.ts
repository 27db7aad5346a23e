/** How far a service's pods are replaced. */
import {
  conditionOf,
  isGoing,
  REVISION,
  TEMPLATE_HASH,
  type LivePod,
  type LiveReplicaSet,
  type ServiceObserved,
} from '../observed.ts'
import { stuck, waits, type Finding } from './finding.ts'

export interface Counts {
  desired: number
  updated: number
  ready: number
  restarts: number
}

export function countsOf({ deployment, pods }: ServiceObserved, desired: number): Counts {
  const { updatedReplicas = 0, readyReplicas = 0 } = deployment?.status ?? {}
  const restarts = pods
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .reduce((sum, { restartCount = 0 }) => sum + restartCount, 0)
  return { desired, updated: updatedReplicas, ready: readyReplicas, restarts }
}

/** All pods are of the newest kind and ready, and no old one is left. */
export function isRolledOut({ deployment }: ServiceObserved): boolean {
  const { spec, status } = deployment ?? {}
  if (!status || !isTakenUp(deployment)) return false
  const counts = [status.updatedReplicas, status.replicas, status.availableReplicas]
  return counts.every((count) => (count ?? 0) === (spec?.replicas ?? 1))
}

/** Its status is about what it says now, and not about what it said before. */
const isTakenUp = (deployment: ServiceObserved['deployment']): boolean =>
  (deployment?.status?.observedGeneration ?? 0) >= (deployment?.metadata.generation ?? 0)

/** The ReplicaSet of what the Deployment says now; undefined until it is there, and known to be the one. */
export function newestOf({ deployment, replicaSets }: ServiceObserved): LiveReplicaSet | undefined {
  const revision = deployment?.metadata.annotations?.[REVISION]
  if (revision === undefined || !isTakenUp(deployment)) return undefined
  const newest = replicaSets.find(({ metadata }) => metadata.annotations?.[REVISION] === revision)
  // Where the old pods go first, the next one is made when they are gone.
  return newest?.spec.replicas === 0 && deployment?.spec.replicas !== 0 ? undefined : newest
}

/**
 * Those that tell how the newest wish fares. None that is of an older one, or on its way out, or that its ReplicaSet
 * has given up: an evicted pod is left where it was, and another one takes its place.
 */
export function newestPods(seen: ServiceObserved): LivePod[] {
  const hash = newestOf(seen)?.metadata.labels?.[TEMPLATE_HASH]
  if (hash === undefined || (seen.deployment?.status?.updatedReplicas ?? 0) === 0) return []
  return seen.pods.filter(
    (pod) => pod.metadata.labels?.[TEMPLATE_HASH] === hash && !isGoing(pod) && pod.status?.phase !== 'Failed',
  )
}

/** Nothing of the rollout went on for as long as it may take; Kubernetes gives it up by this word alone. */
const isOverdue = (seen: ServiceObserved): boolean =>
  newestOf(seen) !== undefined &&
  conditionOf(seen.deployment?.status?.conditions, 'Progressing')?.reason === 'ProgressDeadlineExceeded'

/** What merely takes its time is in the way of a rollout that has come to a standstill. */
export const afterDeadline = (finding: Finding | undefined, seen: ServiceObserved): Finding | undefined =>
  finding && isOverdue(seen) ? { ...finding, kind: 'stuck' } : finding

/** Why a service that is there, and that nothing more exact is known of, is not done. */
export function rolloutFinding(service: string, seen: ServiceObserved): Finding | undefined {
  if (isRolledOut(seen)) return undefined
  const isFirst = (seen.deployment?.status?.readyReplicas ?? 0) === 0
  if (isOverdue(seen)) return tooLate(service, isFirst)
  return isFirst
    ? waits('Provisioning', `The pods of service ${service} are being started.`)
    : waits('RollingOut', `New pods of service ${service} are replacing the old ones.`)
}

function tooLate(service: string, isFirst: boolean): Finding {
  const sentence = isFirst
    ? `The pods of service ${service} did not become ready in time.`
    : `The new pods of service ${service} did not become ready in time. Those of before go on running.`
  return stuck('DeadlineExceeded', `${sentence} Look at its log.`)
}
