/** Why the pods of a service are not there, not started, or not ready. */
import type { Service } from '../../../src/contract/crd/service.ts'
import { conditionOf, isGoing, type LivePod, type ServiceObserved } from '../observed.ts'
import { CONTAINER_CHECKS } from './containers.ts'
import { firstFinding, quoted, stuck, waits, type Finding } from './finding.ts'

/** A service with what was seen of it. */
interface ServiceSeen {
  service: Service
  seen: ServiceObserved
}

type Check = (service: ServiceSeen) => Finding | undefined

const staying = ({ seen }: ServiceSeen): LivePod[] => seen.pods.filter((pod) => !isGoing(pod))

/** The API server refuses pods: a quota, the pod security level, a policy. */
const podsAreRefused: Check = ({ service, seen }) => {
  const failure = conditionOf(seen.deployment?.status?.conditions, 'ReplicaFailure')
  if (failure?.status !== 'True') return undefined
  if (/exceeded quota/.test(failure.message ?? '')) {
    return waits(
      'QuotaExceeded',
      `The quota of the namespace has no room for a pod of service ${service.name}: ${quoted(quotaPart(failure.message))}. Lower what it requests, remove another deployment, or take a larger plan.`,
    )
  }
  return stuck(
    'ConfigError',
    `The cluster refuses the pods of service ${service.name}: ${quoted(failure.message)}. Correct the service.`,
  )
}

/** `pods "x" is forbidden: exceeded quota: shipyard, requested: …, used: …, limited: …` */
const quotaPart = (message = ''): string => /requested:.*/s.exec(message)?.[0] ?? message

const containerFails: Check = (each) => {
  const findings = staying(each).flatMap((pod) =>
    (pod.status?.containerStatuses ?? []).flatMap(
      (status) =>
        firstFinding(CONTAINER_CHECKS, {
          service: each.service.name,
          image: each.service.image,
          status,
        }) ?? [],
    ),
  )
  return findings.find(({ kind }) => kind === 'stuck') ?? findings[0]
}

const volumeIsMissing: Check = (each) => {
  const message = unschedulable(each)?.message ?? ''
  return /persistentvolumeclaim|volume|storageclass/i.test(message)
    ? waits(
        'VolumePending',
        `A volume of service ${each.service.name} is not there yet: ${quoted(message)}. If it stays so, check the storage class.`,
      )
    : undefined
}

const noNodeHasRoom: Check = (each) => {
  const condition = unschedulable(each)
  return condition
    ? waits(
        'Unschedulable',
        `No node takes a pod of service ${each.service.name}: ${quoted(condition.message)}. Lower what it requests, or wait for room.`,
      )
    : undefined
}

function unschedulable(each: ServiceSeen): ReturnType<typeof conditionOf> {
  return staying(each)
    .map((pod) => conditionOf(pod.status?.conditions, 'PodScheduled'))
    .find((condition) => condition?.status === 'False' && condition.reason === 'Unschedulable')
}

/** A node that went silent leaves its pods as they were last heard of, marked by the control plane. */
const nodeIsLost: Check = ({ service, seen }) => {
  const isLost = seen.pods.some(({ status }) => status?.reason === 'NodeLost' || status?.phase === 'Unknown')
  return isLost
    ? waits(
        'NodeLost',
        `A node that runs service ${service.name} does not answer. Its pods are started elsewhere.`,
      )
    : undefined
}

const checkFails: Check = (each) => {
  const failing = staying(each)
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .find(({ state, ready }) => state?.running !== undefined && ready === false)
  const { name, health } = each.service
  if (!failing || !health) return undefined
  const asked = describeCheck(health)
  return waits(
    'ProbeFailing',
    `Service ${name} runs, but its health check (${asked}) does not succeed yet. Look at its log.`,
  )
}

function describeCheck({ http, tcp, command }: NonNullable<Service['health']>): string {
  if (http) return `GET ${http.path} on port ${http.port}`
  if (tcp) return `a connection to port ${tcp.port}`
  return quoted(command?.join(' ')).slice(0, 100)
}

export const POD_CHECKS: readonly Check[] = [
  podsAreRefused,
  containerFails,
  volumeIsMissing,
  noNodeHasRoom,
  nodeIsLost,
  checkFails,
]
