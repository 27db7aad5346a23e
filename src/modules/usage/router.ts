import { inOrg, onPlatform, router } from '../../rpc/procedures.ts'
import { readBudget, setBudget } from './budgets.ts'
import { grantCredit, readCredits } from './credits.ts'
import { readUsage } from './read-usage.ts'
import {
  BudgetAudit,
  BudgetView,
  CreditAudit,
  CreditGranted,
  CreditsView,
  GrantCredit,
  ReadBudget,
  ReadCredits,
  ReadUsage,
  SetBudget,
  UsageReport,
} from './schema.ts'

/** What deployments used; each hour by itself is at `/api/orgs/:orgId/usage.csv`. */
export const usageRouter = router({
  read: inOrg('usage:read')
    .output(UsageReport)
    .input(ReadUsage)
    .query(async ({ ctx, input }) => readUsage(ctx.deps, ctx.caller.actor, input)),

  budget: inOrg('billing:read')
    .output(BudgetView)
    .input(ReadBudget)
    .query(async ({ ctx, input }) => readBudget(ctx.deps, input)),

  setBudget: inOrg('billing:manage', { audit: BudgetAudit })
    .output(BudgetView)
    .input(SetBudget)
    .mutation(async ({ ctx, input }) => setBudget(ctx.deps, ctx.caller, input)),

  credits: inOrg('billing:read')
    .output(CreditsView)
    .input(ReadCredits)
    .query(async ({ ctx, input }) => readCredits(ctx.deps, input.orgId)),

  grantCredit: onPlatform('org:grant-credit', { audit: CreditAudit })
    .output(CreditGranted)
    .input(GrantCredit)
    .mutation(async ({ ctx, input }) => grantCredit(ctx.deps, ctx, input)),
})
