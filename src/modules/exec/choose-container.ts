/** In which container a terminal is opened: pure. */
import type { ExecPod, ExecQuery } from '../../contract/exec.ts'
import { ServiceName, type Dns1123Label } from '../../contract/names.ts'
import type { PodSummary } from '../../ports/kube/port.ts'

export interface Chosen extends ExecPod {
  readonly container: Dns1123Label
}

/** Containers that run, one a pod, the newest first. Containers that only prepare are no place to look around in. */
export const openable = (pods: readonly PodSummary[]): Chosen[] => pods.toReversed().flatMap(chosenOf)

function chosenOf(pod: PodSummary): Chosen[] {
  const service = ServiceName.safeParse(pod.service)
  if (!service.success || pod.isTerminating) return []
  const running = pod.containers.filter(({ state }) => state === 'running')
  const container = running.find(({ name }) => name === pod.service) ?? running.at(-1)
  if (!container) return []
  const { name, isReady } = pod
  // The API server gives names of this grammar only, and they are checked again where they reach a path.
  return [{ service: service.data, pod: name, isReady, container: container.name as Dns1123Label }]
}

/** The pod that is named; else the newest of the service, those that are ready before the others. */
export function chooseContainer(
  pods: readonly PodSummary[],
  { service, pod }: Pick<ExecQuery, 'service' | 'pod'>,
): Chosen | undefined {
  const fitting = openable(pods).filter(
    (each) => (service === undefined || each.service === service) && (pod === undefined || each.pod === pod),
  )
  return fitting.find(({ isReady }) => isReady) ?? fitting[0]
}
