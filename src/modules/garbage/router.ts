import { onPlatform, router } from '../../rpc/procedures.ts'
import { GarbageAudit } from '../access/audit.ts'
import { repairFinding } from './repair-finding.ts'
import { reportGarbage } from './report-garbage.ts'
import { GarbageReport, ReadGarbage, RepairGarbage, Repaired } from './schema.ts'

/** For who runs the installation: what belongs to nobody, and what is missing. */
export const garbageRouter = router({
  report: onPlatform('garbage:read')
    .output(GarbageReport)
    .input(ReadGarbage)
    .query(async ({ ctx }) => reportGarbage(ctx.deps)),

  repair: onPlatform('garbage:repair', { audit: GarbageAudit })
    .output(Repaired)
    .input(RepairGarbage)
    .mutation(async ({ ctx, input }) => repairFinding(ctx.deps, ctx, input.target)),
})
