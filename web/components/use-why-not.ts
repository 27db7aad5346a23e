import type { TeamAction } from '../../src/contract/policy.ts'
import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { useSession } from '../api/session.tsx'
import { orgHindrance } from './org-hindrance.ts'

/** Why an action cannot be asked of a deployment now, for the tip of its button; undefined when it can. */
export function useWhyNot({
  phase,
}: Pick<DeploymentSummary, 'phase'>): (action: TeamAction) => string | undefined {
  const { may, org } = useSession()
  return (action) => {
    if (phase === 'Deleting') return 'It is being deleted.'
    const role = may(action) ? undefined : 'Your role in this team does not allow it.'
    return orgHindrance(org, action) ?? role
  }
}
