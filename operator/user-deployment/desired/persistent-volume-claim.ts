import type { V1PersistentVolumeClaimSpec } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import { volumeChild } from '../child-names.ts'
import { defined, type Manifest } from '../manifest.ts'
import { wholeBytes } from './quantities.ts'
import { metadataOf, type Rendering } from './rendering.ts'

export type ClaimManifest = Manifest & { spec: V1PersistentVolumeClaimSpec }

/** One claim a volume. One that is to be kept has no owner, so nothing takes it along. */
export function claimsOf(rendering: Rendering, service: Service): ClaimManifest[] {
  return service.volumes.map(({ name, size, storageClass, keepAfterDelete }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataOf(rendering, volumeChild(rendering.resource, service.name, name), {
      service,
      isOwned: !keepAfterDelete,
    }),
    spec: defined({
      accessModes: ['ReadWriteOnce'],
      storageClassName: storageClass,
      resources: { requests: { storage: wholeBytes(size) } },
    }),
  }))
}
