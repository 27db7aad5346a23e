import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import { changeDeployment, type Needed } from './change-deployment.ts'
import { withService } from './change-service.ts'
import { pinImages } from './pin-images.ts'
import type { DeploymentChanged, DeployImage } from './schema.ts'

/** Gives a service another image, by its digest as the registry knows it now. */
export async function deployImage(
  deps: Needed & Pick<Deps, 'registry'>,
  caller: Caller,
  input: DeployImage,
): Promise<DeploymentChanged> {
  const { id, baseRevision, service, image } = input
  return changeDeployment(deps, { caller, id, baseRevision }, async ({ spec }) => {
    const { spec: pinned } = await pinImages(deps, withService(spec, service, { image }), service)
    return {
      spec: pinned,
      action: 'deployment:update',
      activity: { kind: 'image_updated', detail: { service, image } },
    }
  })
}
