/** From a pod as the API server has it to what people want to know of it: pure. */
import { LABELS } from '../../contract/crd/meta.ts'
import type { Dns1123Label } from '../../contract/names.ts'
import type { KubeObject } from '../../kubernetes/object.ts'
import type { ContainerState, PodSummary } from './port.ts'

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export interface RawPod extends KubeObject {
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly RawCondition[]
    readonly initContainerStatuses?: readonly RawContainerStatus[]
    readonly containerStatuses?: readonly RawContainerStatus[]
  }
}

interface RawCondition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
}

interface RawContainerStatus {
  readonly name: string
  readonly ready: boolean
  readonly restartCount: number
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly running?: object
    readonly terminated?: { readonly reason?: string; readonly message?: string; readonly exitCode: number }
  }
}

const phases = ['Pending', 'Running', 'Succeeded', 'Failed'] as const

export function summaryOf({ metadata, status = {} }: RawPod): PodSummary {
  const { name, uid = '', labels = {}, creationTimestamp = 0, deletionTimestamp } = metadata
  const { conditions = [] } = status
  const has = (type: string, value: string) => (each: RawCondition) =>
    each.type === type && each.status === value
  return {
    name: name as Dns1123Label,
    uid,
    service: labels[LABELS.service] ?? '',
    phase: phases.find((phase) => phase === status.phase) ?? 'Unknown',
    isReady: conditions.some(has('Ready', 'True')),
    isTerminating: deletionTimestamp !== undefined,
    createdAt: new Date(creationTimestamp),
    ...explained(conditions.find(has('PodScheduled', 'False')) ?? status),
    containers: containersOf(status),
  }
}

/** Those that prepare come first. */
function containersOf(status: NonNullable<RawPod['status']>): ContainerState[] {
  const { initContainerStatuses = [], containerStatuses = [] } = status
  return [...initContainerStatuses, ...containerStatuses].map(containerOf)
}

const explained = ({ reason, message }: { readonly reason?: string; readonly message?: string }) => ({
  ...(reason ? { reason } : {}),
  ...(message ? { message } : {}),
})

function containerOf({ name, ready, restartCount, state = {} }: RawContainerStatus): ContainerState {
  const { waiting, running, terminated } = state
  const common = { name, isReady: ready, restarts: restartCount }
  if (waiting) return { ...common, state: 'waiting', ...explained(waiting) }
  if (running) return { ...common, state: 'running' }
  if (!terminated) return { ...common, state: 'unknown' }
  return { ...common, state: 'terminated', ...explained(terminated), exitCode: terminated.exitCode }
}
