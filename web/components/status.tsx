import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { Badge, type Tone } from '../ui/badge.tsx'

type Phase = DeploymentSummary['phase']

const LOOKS: Record<Phase, { tone: Tone; dot: 'still' | 'breathing' }> = {
  Pending: { tone: 'neutral', dot: 'breathing' },
  Provisioning: { tone: 'active', dot: 'breathing' },
  Ready: { tone: 'good', dot: 'still' },
  Error: { tone: 'bad', dot: 'still' },
  Deleting: { tone: 'neutral', dot: 'breathing' },
}

/** Where a deployment stands, in one word. */
export function Status({ deployment }: { deployment: Pick<DeploymentSummary, 'phase' | 'suspended'> }) {
  const { phase, suspended } = deployment
  if (suspended && phase === 'Ready') return <Badge dot="still">Suspended</Badge>
  return <Badge {...LOOKS[phase]}>{phase}</Badge>
}
