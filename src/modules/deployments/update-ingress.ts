import type { Caller } from '../access/actor.ts'
import { changeDeployment, type Needed } from './change-deployment.ts'
import { withManner } from './change-ingress.ts'
import type { DeploymentChanged, UpdateIngress } from './schema.ts'

/** Has requests taken in otherwise: certificate, redirect, headers. A new revision, of which no pod hears. */
export async function updateIngress(
  deps: Needed,
  caller: Caller,
  { id, baseRevision, ingress }: UpdateIngress,
): Promise<DeploymentChanged> {
  return changeDeployment(deps, { caller, id, baseRevision }, async ({ spec }) => ({
    spec: withManner(spec, ingress),
    action: 'deployment:update',
    activity: { kind: 'ingress_updated', detail: {} },
  }))
}
