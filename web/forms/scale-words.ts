import type { ServiceView } from '../../src/modules/deployments/schema.ts'

type Scaled = Pick<ServiceView, 'autoscaling' | 'volumes'>

/** How many pods a service may run as; the server refuses more too. */
export const mostPods = ({ volumes }: Pick<Scaled, 'volumes'>): number => (volumes.length > 0 ? 1 : 50)

/** What stands below the number of pods, before anybody changes it. */
export function scaleHint({ autoscaling, volumes: [volume] }: Scaled): string {
  if (volume) {
    return `Its volume “${volume.name}” can be held by one pod alone, so it cannot run as several; 0 stops this service alone.`
  }
  if (autoscaling === null) return 'How many run side by side; 0 stops this service alone.'
  const { minReplicas, maxReplicas } = autoscaling
  return `It is scaled by load, from ${minReplicas} to ${maxReplicas} pods. A number set here takes the place of that.`
}
