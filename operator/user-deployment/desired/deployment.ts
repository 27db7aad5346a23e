import type { V1DeploymentSpec } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import { serviceChild } from '../child-names.ts'
import { defined, type Manifest } from '../manifest.ts'
import { podSpecOf } from './pod.ts'
import { metadataOf, podLabels, restartAnnotations, serviceLabels, type Rendering } from './rendering.ts'

export type DeploymentManifest = Manifest & { spec: V1DeploymentSpec }

/** For pulling an image and being scheduled, besides the time that the service itself may take to start. */
const PULL_SECONDS = 300

/** The pods of a service: replaced one by one, a new one ready before an old one goes. */
export function deploymentOf(rendering: Rendering, service: Service): DeploymentManifest {
  const { resource } = rendering
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(rendering, serviceChild(resource, service.name), { service }),
    spec: {
      replicas: replicasOf(rendering, service),
      // Revisions are ours; old ReplicaSets would hold old secrets and config files.
      revisionHistoryLimit: 0,
      progressDeadlineSeconds: progressSeconds(service),
      strategy: strategyOf(service),
      selector: { matchLabels: serviceLabels(resource, service.name) },
      template: {
        metadata: defined({
          labels: podLabels(resource, service.name),
          annotations: restartAnnotations(resource),
        }),
        spec: podSpecOf(rendering, service),
      },
    },
  }
}

export const progressSeconds = ({ health }: Service): number => PULL_SECONDS + (health?.startupSeconds ?? 0)

/** Scaled by load: the present number stays, within the bounds, so that an apply never undoes what was scaled. */
export function replicasOf({ resource, facts }: Rendering, service: Service): number {
  if (resource.spec.suspended) return 0
  const { autoscaling, replicas } = service
  if (!autoscaling) return replicas ?? 1
  const present = facts.replicas.get(service.name) ?? 0
  return Math.min(Math.max(present, autoscaling.minReplicas), autoscaling.maxReplicas)
}

/** A volume is held by one pod, so with one the old pod goes first. */
function strategyOf({ volumes }: Service): V1DeploymentSpec['strategy'] {
  if (volumes.length > 0) return { type: 'Recreate' }
  return { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
}
