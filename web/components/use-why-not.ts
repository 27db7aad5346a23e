import { isAllowedWhenSuspended, type TeamAction } from '../../src/contract/policy.ts'
import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { useSession } from '../api/session.tsx'

/** Why an action cannot be asked of a deployment now, for the tip of its button; undefined when it can. */
export function useWhyNot({
  phase,
}: Pick<DeploymentSummary, 'phase'>): (action: TeamAction) => string | undefined {
  const { may, org } = useSession()
  return (action) => {
    if (phase === 'Deleting') return 'It is being deleted.'
    if (org.isSuspended && !isAllowedWhenSuspended(action)) return 'The organisation is suspended.'
    return may(action) ? undefined : 'Your role in this team does not allow it.'
  }
}
