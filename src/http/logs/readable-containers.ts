import type { LogSourceEvent } from '../../modules/logs/schema.ts'
import { ServiceName, type Dns1123Label } from '../../contract/names.ts'
import type { ContainerState, PodSummary } from '../../ports/kube/port.ts'

/** A container whose log can be read. */
export interface ReadableContainer extends Omit<LogSourceEvent, 'source' | 'container'> {
  readonly container: Dns1123Label
  /** Names this run of it among all. */
  readonly id: string
}

/** Containers of a pod that have run at least once. */
export function readableOf(pod: PodSummary): ReadableContainer[] {
  const service = ServiceName.safeParse(pod.service)
  if (!service.success) return []
  return pod.containers.filter(hasRun).map(({ name, restarts }) => ({
    id: `${pod.uid}/${name}/${restarts}`,
    service: service.data,
    pod: pod.name,
    podUid: pod.uid,
    // The API server gives names of this grammar only, and they are checked again where they reach a path.
    container: name as Dns1123Label,
    restart: restarts,
  }))
}

const hasRun = ({ state, restarts }: ContainerState): boolean =>
  state === 'running' || state === 'terminated' || restarts > 0
