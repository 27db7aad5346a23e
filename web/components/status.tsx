import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { statusWord } from './status-word.ts'

type Phase = DeploymentSummary['phase']

const LOOKS: Record<Phase, { tone: Tone; dot: 'still' | 'breathing' }> = {
  Pending: { tone: 'neutral', dot: 'breathing' },
  Provisioning: { tone: 'active', dot: 'breathing' },
  Ready: { tone: 'good', dot: 'still' },
  Error: { tone: 'bad', dot: 'still' },
  Deleting: { tone: 'neutral', dot: 'breathing' },
}

/** Neither good nor bad: somebody wanted it so. */
const STOPPED: (typeof LOOKS)[Phase] = { tone: 'neutral', dot: 'still' }

/** Where a deployment stands, in one word. */
export function Status({ deployment }: { deployment: Pick<DeploymentSummary, 'phase' | 'suspended'> }) {
  const word = statusWord(deployment)
  return <Badge {...(word === 'Stopped' ? STOPPED : LOOKS[deployment.phase])}>{word}</Badge>
}
