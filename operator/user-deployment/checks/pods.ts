/** Why the pods of a service are not there, not started, or not ready. */
import type { Service } from '../../../src/contract/crd/service.ts'
import { conditionOf, type LivePod, type ServiceObserved } from '../observed.ts'
import { CONTAINER_CHECKS } from './containers.ts'
import { firstFinding, quoted, stuck, waits, type Finding } from './finding.ts'
import { newestOf, newestPods } from './rollout.ts'

/** A service with what was seen of it. */
interface ServiceSeen {
  service: Service
  seen: ServiceObserved
}

type Check = (service: ServiceSeen) => Finding | undefined

/** The API server refuses pods: a quota, the pod security level, a policy. */
const podsAreRefused: Check = ({ service, seen }) => {
  const failure = conditionOf(seen.deployment?.status?.conditions, 'ReplicaFailure')
  if (failure?.status !== 'True' || !newestOf(seen)) return undefined
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
  const findings = newestPods(each.seen).flatMap((pod) =>
    (pod.status?.containerStatuses ?? []).flatMap(
      (status) =>
        firstFinding(CONTAINER_CHECKS, {
          service: each.service,
          status,
          unhealthy: each.seen.unhealthy.get(pod.metadata.name),
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
        `${missingVolume(each)} is not there yet: ${quoted(gist(message))}. If it stays so, check the storage class.`,
      )
    : undefined
}

/** By its name in the spec, with the class that should have made it. */
function missingVolume({ service, seen }: ServiceSeen): string {
  const unbound = seen.claims.find(({ status }) => status?.phase !== 'Bound')
  const volume = service.volumes.find(({ name }) => unbound?.metadata.name.endsWith(`--${name}`))
  if (!volume) return `A volume of service ${service.name}`
  const named = `The volume ${volume.name} of service ${service.name}`
  return volume.storageClass === undefined ? named : `${named} (storage class ${volume.storageClass})`
}

/** What the scheduler says of nodes, without what it says of making room on them. */
const gist = (message: string): string => message.replace(/\s*(?:no new claims.*|preemption:.*)$/s, '')

/** The scheduler's word for a resource, ours, and how much of it a pod asks for. */
const RESOURCES = [
  ['cpu', 'CPU', ({ resources }: Service) => `, which asks for ${resources.requests.cpu}`],
  ['memory', 'memory', ({ resources }: Service) => `, which asks for ${resources.requests.memory}`],
  ['ephemeral-storage', 'disk', () => ''],
] as const

const noNodeHasRoom: Check = (each) => {
  const condition = unschedulable(each)
  if (!condition) return undefined
  const { message = '' } = condition
  const { service } = each
  const short = RESOURCES.find(([word]) => message.includes(`Insufficient ${word}`))
  const trouble = short
    ? `No node has enough ${short[1]} for a pod of service ${service.name}${short[2](service)}`
    : `No node takes a pod of service ${service.name}`
  return waits(
    'Unschedulable',
    `${trouble}: ${quoted(gist(message))}. Lower what it requests, or wait for room.`,
  )
}

function unschedulable(each: ServiceSeen): ReturnType<typeof conditionOf> {
  return newestPods(each.seen)
    .map((pod) => conditionOf(pod.status?.conditions, 'PodScheduled'))
    .find((condition) => condition?.status === 'False' && condition.reason === 'Unschedulable')
}

/** Also of an old pod: where one with a volume is stuck there, no new one comes. */
const nodeIsLost: Check = (each) =>
  each.seen.pods.some(isOfLostNode) || onlySilentNodesAreLeft(each)
    ? waits(
        'NodeLost',
        `A node that runs service ${each.service.name} does not answer. Its pods are started elsewhere, or when it is back.`,
      )
    : undefined

/**
 * A node that went silent leaves its pods as they were last heard of; the control plane takes `Ready` from them and
 * leaves what the kubelet said of the containers.
 */
function isOfLostNode({ status }: LivePod): boolean {
  if (status?.reason === 'NodeLost' || status?.phase === 'Unknown') return true
  const isFalse = conditionOf(status?.conditions, 'Ready')?.status === 'False'
  return isFalse && conditionOf(status?.conditions, 'ContainersReady')?.status === 'True'
}

/** What the scheduler says where the only node that could take the pod is one that went silent. */
function onlySilentNodesAreLeft(each: ServiceSeen): boolean {
  const message = unschedulable(each)?.message ?? ''
  const isSilent = /taint.*node\.kubernetes\.io\/(?:unreachable|not-ready)/.test(message)
  return isSilent && !message.includes('Insufficient')
}

const checkFails: Check = (each) => {
  const failing = newestPods(each.seen).find(({ status }) =>
    status?.containerStatuses?.some(({ state, ready }) => state?.running !== undefined && ready === false),
  )
  const { name, health } = each.service
  if (!failing || !health) return undefined
  const answer = each.seen.unhealthy.get(failing.metadata.name)
  const said = answer === undefined ? '' : `: ${quoted(answer)}`
  return waits(
    'ProbeFailing',
    `Service ${name} runs, but its health check (${describeCheck(health)}) does not succeed yet${said}. Look at its log.`,
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
  nodeIsLost,
  noNodeHasRoom,
  checkFails,
]
