import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'

type Standing = Pick<DeploymentSummary, 'phase' | 'suspended'>

/** Where a deployment stands, in one word: its phase, unless it does nothing because somebody wanted it so. */
export function statusWord({ phase, suspended }: Standing): string {
  if (!suspended || phase === 'Error' || phase === 'Deleting') return phase
  return phase === 'Ready' ? 'Stopped' : 'Stopping'
}
