import { upsertPlans } from '../../../prisma/sql/upsert-plans.generated.ts'
import { limitsFor, PLAN_NAMES, PLANS } from '../../contract/tiers.ts'
import type { Queries } from './port.ts'

/** Makes the rows of the plans as src/contract/tiers.ts says; called after the migrations, at every start. */
export async function seedPlans(db: Queries): Promise<void> {
  const plans = PLANS.map((id, position) => {
    const { deployments, members, teams, isolation, auditDays } = limitsFor(id)
    return {
      id,
      name: PLAN_NAMES[id],
      position,
      deploymentsLimit: deployments,
      membersLimit: members,
      teamsLimit: teams,
      isolation,
      auditDays,
    }
  })
  await db.all(upsertPlans, { plans })
}
