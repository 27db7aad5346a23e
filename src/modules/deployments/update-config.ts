import type { Caller } from '../access/actor.ts'
import { changeDeployment, type Needed } from './change-deployment.ts'
import { withService } from './change-service.ts'
import type { DeploymentChanged, UpdateConfig } from './schema.ts'

/** Gives a service other config files: a new revision, whose pods start with them. */
export async function updateConfig(
  deps: Needed,
  caller: Caller,
  input: UpdateConfig,
): Promise<DeploymentChanged> {
  const { id, baseRevision, service, configFiles } = input
  return changeDeployment(deps, { caller, id, baseRevision }, async ({ spec }) => ({
    spec: withService(spec, service, { configFiles }),
    action: 'deployment:update',
    activity: { kind: 'config_updated', detail: { service, files: configFiles.map(({ path }) => path) } },
  }))
}
