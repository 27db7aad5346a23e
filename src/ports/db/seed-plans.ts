import { upsertPlans } from '../../../prisma/sql/upsert-plans.generated.ts'
import { DEFAULT_PLANS, PLANS, type Plans } from '../../contract/tiers.ts'
import type { Queries } from './port.ts'

/**
 * Makes the rows of the plans as this installation has them; called after the migrations, at every start. Where a plan
 * changed, its namespaces are labelled anew with the next push of their deployments, which is asked for.
 */
export async function seedPlans(db: Queries, plans: Plans = DEFAULT_PLANS): Promise<void> {
  const rows = PLANS.map((id, position) => {
    const { name, limits, trialDays, prices } = plans[id]
    return {
      id,
      name,
      position,
      deploymentsLimit: limits.deployments,
      membersLimit: limits.members,
      teamsLimit: limits.teams,
      domainsLimit: limits.customDomains,
      agentTasksLimit: limits.agentTasks,
      logRetentionDays: limits.logRetentionDays,
      auditDays: limits.auditDays,
      isolation: limits.isolation,
      templates: limits.templates,
      quota: { ...limits.quota },
      trialDays,
      stripePriceMonth: prices.month ?? null,
      stripePriceYear: prices.year ?? null,
    }
  })
  await db.all(upsertPlans, { plans: rows })
}
