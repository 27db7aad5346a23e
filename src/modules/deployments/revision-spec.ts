/**
 * What a revision keeps: everything that runs, as the custom resource will hold it, images by digest and secrets by
 * version. What belongs to the row (names, owner, hosts, whether it is suspended) is added when it is rendered.
 */
import { z } from 'zod'

import { IngressWithoutHosts } from '../../contract/crd/ingress.ts'
import { UserDeploymentSpec } from '../../contract/crd/user-deployment.ts'
import type { VaultPath } from '../../contract/names.ts'

const { shape } = UserDeploymentSpec

export const RevisionSpec = z.object({
  /** `prisma/sql/list-deployments.sql` reads it by this name. */
  visibility: shape.visibility,
  rollbackOnFailure: shape.rollbackOnFailure,
  pullSecrets: shape.pullSecrets,
  services: shape.services,
  ingress: IngressWithoutHosts.optional(),
})
export type RevisionSpec = z.output<typeof RevisionSpec>

/** The versions in Vault that a revision names, by path. */
export function secretVersionsOf({ services, pullSecrets }: RevisionSpec): Record<string, number> {
  const uses = [...services.flatMap(({ secrets }) => secrets), ...pullSecrets]
  return Object.fromEntries(uses.map(({ path, version }) => [path, version]))
}

/** The same with another version of one path. */
export const withVersion = (spec: RevisionSpec, path: VaultPath, version: number): RevisionSpec => ({
  ...spec,
  services: spec.services.map((service) => ({
    ...service,
    secrets: service.secrets.map((use) => (use.path === path ? { ...use, version } : use)),
  })),
})
