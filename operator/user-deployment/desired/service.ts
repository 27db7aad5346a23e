import type { V1ServiceSpec } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import { serviceChild } from '../child-names.ts'
import type { Fields, Manifest } from '../manifest.ts'
import { metadataOf, serviceLabels, type Rendering } from './rendering.ts'

export type ServiceManifest = Manifest & { spec: Fields<V1ServiceSpec> }

/** The stable address of a service; none for one that listens nowhere. The pods of all services know it by name. */
export function serviceOf(rendering: Rendering, service: Service): ServiceManifest | null {
  const { resource } = rendering
  if (service.ports.length === 0) return null
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(rendering, serviceChild(resource, service.name), { service }),
    spec: {
      type: 'ClusterIP',
      selector: serviceLabels(resource, service.name),
      ports: service.ports.map(({ port, protocol }) => ({
        name: `${protocol.toLowerCase()}-${port}`,
        port,
        protocol,
        targetPort: port,
      })),
    },
  }
}
