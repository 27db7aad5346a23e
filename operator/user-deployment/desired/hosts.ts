import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { hostFor, type HostName } from '../../../src/contract/names.ts'
import type { RenderSettings } from '../../../src/contract/render-settings.ts'
import type { Rendering } from './rendering.ts'

/** The host names that a deployment wants: the generated one first. None when it is internal. */
export function wantedHosts(
  { metadata, spec }: UserDeployment,
  { deploymentDomain }: RenderSettings,
): HostName[] {
  if (!spec.ingress || spec.visibility !== 'public') return []
  return [hostFor(metadata.name, deploymentDomain), ...spec.ingress.hosts]
}

/** Those at which it answers. */
export const hostsOf = ({ resource, settings, facts }: Rendering): HostName[] =>
  wantedHosts(resource, settings).filter((host) => !facts.hostsOfOthers.has(host))
