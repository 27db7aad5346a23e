import type { V2HorizontalPodAutoscalerSpec } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import { serviceChild } from '../child-names.ts'
import type { Manifest } from '../manifest.ts'
import { metadataOf, type Rendering } from './rendering.ts'

export type AutoscalerManifest = Manifest & { spec: V2HorizontalPodAutoscalerSpec }

/** Follows the CPU; none for a fixed number of pods, nor while nothing is to run. */
export function autoscalerOf(rendering: Rendering, service: Service): AutoscalerManifest | null {
  const { resource } = rendering
  const { autoscaling } = service
  if (!autoscaling || resource.spec.suspended) return null
  const name = serviceChild(resource, service.name)
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadataOf(rendering, name, { service }),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: autoscaling.minReplicas,
      maxReplicas: autoscaling.maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: autoscaling.targetCpuPercent },
          },
        },
      ],
    },
  }
}
