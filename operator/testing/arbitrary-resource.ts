/** Resources for properties: whole and valid, in the namespace of their owner. */
import fc from 'fast-check'

import { LABELS } from '../../src/contract/crd/meta.ts'
import { type UserDeployment, type UserDeploymentSpec } from '../../src/contract/crd/user-deployment.ts'
import { DEFAULT_NAMESPACE_PATTERN, namespaceFor } from '../../src/contract/names.ts'
import { arbitraryUserDeployment } from '../../src/contract/testing/arbitrary-spec.ts'

let serial = 0

/** As the API server has it. */
export const arbitraryResource: fc.Arbitrary<UserDeployment> = arbitraryUserDeployment.map((resource) => ({
  ...resource,
  metadata: {
    ...resource.metadata,
    namespace: namespaceFor(DEFAULT_NAMESPACE_PATTERN, resource.spec.owner),
    uid: `uid-of-resource-${++serial}`,
    generation: 1,
    creationTimestamp: '2030-01-01T00:00:00Z',
    labels: { [LABELS.deploymentId]: `dep_${'a'.repeat(25)}` },
  },
}))

/**
 * The life of one deployment: its spec at each edit. Volumes keep size and class, because a change of those is refused
 * and leads elsewhere by design.
 */
export const arbitraryLife: fc.Arbitrary<UserDeployment[]> = fc
  .tuple(arbitraryResource, fc.array(arbitraryUserDeployment, { maxLength: 3 }))
  .map(([first, later]) => [
    steady(first),
    ...later.map(({ spec }) =>
      steady({ ...first, spec: { ...spec, owner: first.spec.owner, ...ownSecrets(spec) } }),
    ),
  ])

/** Secrets of another owner are refused; what comes of a spec is looked at elsewhere. */
const ownSecrets = (spec: UserDeploymentSpec): Pick<UserDeploymentSpec, 'services' | 'pullSecrets'> => ({
  pullSecrets: [],
  services: spec.services.map((service) => ({ ...service, secrets: [] })),
})

const steady = (resource: UserDeployment): UserDeployment => ({
  ...resource,
  spec: {
    ...resource.spec,
    services: resource.spec.services.map((service) => ({
      ...service,
      volumes: service.volumes.map(({ storageClass: _storageClass, ...volume }) => ({
        ...volume,
        size: '1Gi' as typeof volume.size,
      })),
    })),
  },
})
