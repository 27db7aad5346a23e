import type { Caller } from '../access/actor.ts'
import { changeDeployment, type Needed } from './change-deployment.ts'
import { withService } from './change-service.ts'
import type { DeploymentChanged, UpdateEnv } from './schema.ts'

/** Gives a service another environment (secrets apart): a new revision, rolled out without a pause. */
export async function updateEnv(deps: Needed, caller: Caller, input: UpdateEnv): Promise<DeploymentChanged> {
  const { id, baseRevision, service, env } = input
  return changeDeployment(deps, { caller, id, baseRevision }, async ({ spec }) => ({
    spec: withService(spec, service, { env }),
    action: 'deployment:update',
    // Names only: what stands in a variable is nobody's business but the service's.
    activity: { kind: 'env_updated', detail: { service, variables: env.map(({ name }) => name) } },
  }))
}
