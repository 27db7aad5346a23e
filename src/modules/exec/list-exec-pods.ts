import type { DeploymentId } from '../../contract/ids.ts'
import type { PodSummary } from '../../ports/kube/port.ts'
import { openable } from './choose-container.ts'
import { podsOf, type Needed } from './pods-of.ts'
import type { ExecPods } from './schema.ts'

/** @throws {AppError} NOT_FOUND, CLUSTER_UNAVAILABLE */
export async function listExecPods(deps: Needed, id: DeploymentId): Promise<ExecPods> {
  return { pods: openPods((await podsOf(deps, id)).pods) }
}

const openPods = (pods: readonly PodSummary[]): ExecPods['pods'] =>
  openable(pods).map(({ pod, service, isReady }) => ({ pod, service, isReady }))
