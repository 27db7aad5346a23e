import type { Caller } from '../access/actor.ts'
import { changeDeployment, type Needed } from './change-deployment.ts'
import { withService, type ServiceChanges } from './change-service.ts'
import type { DeploymentChanged, ScaleService } from './schema.ts'

/** Pure: a number of one's own takes the place of scaling by load. */
export const scaledTo = (replicas: number): ServiceChanges => ({ replicas, autoscaling: undefined })

/** Runs a service as so many pods: a new revision. @throws {AppError} as changeDeployment, INVALID_INPUT */
export async function scaleService(
  deps: Needed,
  caller: Caller,
  input: ScaleService,
): Promise<DeploymentChanged> {
  const { id, baseRevision, service, replicas } = input
  return changeDeployment(deps, { caller, id, baseRevision }, async ({ spec }) => ({
    spec: withService(spec, service, scaledTo(replicas)),
    action: 'deployment:update',
    activity: { kind: 'scaled', detail: { service, replicas } },
  }))
}
