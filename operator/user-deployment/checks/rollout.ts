/** How far a service's pods are replaced. */
import { conditionOf, type ServiceObserved } from '../observed.ts'
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
  const { metadata, spec, status } = deployment ?? {}
  if (!status || (status.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return false
  const counts = [status.updatedReplicas, status.replicas, status.availableReplicas]
  return counts.every((count) => (count ?? 0) === (spec?.replicas ?? 1))
}

/** Nothing of the rollout went on for as long as it may take; Kubernetes gives it up by this word alone. */
const isOverdue = ({ deployment }: ServiceObserved): boolean =>
  conditionOf(deployment?.status?.conditions, 'Progressing')?.reason === 'ProgressDeadlineExceeded'

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
