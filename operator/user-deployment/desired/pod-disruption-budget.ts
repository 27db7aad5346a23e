import type { V1PodDisruptionBudgetSpec } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import { serviceChild } from '../child-names.ts'
import type { Manifest } from '../manifest.ts'
import { metadataOf, serviceLabels, type Rendering } from './rendering.ts'

export type BudgetManifest = Manifest & { spec: V1PodDisruptionBudgetSpec }

/**
 * Of several pods one at a time may be moved. A single pod has none: it would keep its node from ever being emptied.
 */
export function disruptionBudgetOf(rendering: Rendering, service: Service): BudgetManifest | null {
  const { resource } = rendering
  const atLeast = service.autoscaling?.minReplicas ?? service.replicas ?? 1
  if (atLeast < 2) return null
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(rendering, serviceChild(resource, service.name), { service }),
    spec: {
      maxUnavailable: 1,
      // A pod that is broken anyway may always go.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: serviceLabels(resource, service.name) },
    },
  }
}
