import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { hostFor, type HostName } from '../../../src/contract/names.ts'
import type { RenderSettings } from '../../../src/contract/render-settings.ts'

/** The host names at which a deployment answers: the generated one first. None when it is internal. */
export function hostsOf(
  { metadata, spec }: UserDeployment,
  { deploymentDomain }: RenderSettings,
): HostName[] {
  if (!spec.ingress || spec.visibility !== 'public') return []
  return [hostFor(metadata.name, deploymentDomain), ...spec.ingress.hosts]
}
