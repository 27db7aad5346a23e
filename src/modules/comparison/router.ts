import { onPlatform, router } from '../../rpc/procedures.ts'
import { repairDifference } from './repair-difference.ts'
import { lastComparison, runComparison } from './run-comparison.ts'
import {
  Comparison,
  ComparisonAudit,
  LastComparison,
  ReadComparison,
  RepairAudit,
  Repaired,
  RepairDifference,
  RunComparison,
} from './schema.ts'

/** For who runs the installation: where Stripe, the rows and the cluster do not agree. */
export const comparisonRouter = router({
  last: onPlatform('billing:read-comparison')
    .output(LastComparison)
    .input(ReadComparison)
    .query(async ({ ctx }) => lastComparison(ctx.deps)),

  run: onPlatform('billing:compare', { audit: ComparisonAudit })
    .output(Comparison)
    .input(RunComparison)
    .mutation(async ({ ctx }) => runComparison(ctx.deps, ctx)),

  repair: onPlatform('billing:repair', { audit: RepairAudit })
    .output(Repaired)
    .input(RepairDifference)
    .mutation(async ({ ctx, input }) => repairDifference(ctx.deps, ctx, input.repair)),
})
