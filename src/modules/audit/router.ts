import { inOrg, router } from '../../rpc/procedures.ts'
import { getAudit, listAudit } from './list-audit.ts'
import { AuditEntry, AuditPage, GetAudit, ListAudit } from './schema.ts'

/** What happened in an organisation, who did it, and from where. The whole of it is at `/api/orgs/:orgId/audit.csv`. */
export const auditRouter = router({
  list: inOrg('audit:read')
    .output(AuditPage)
    .input(ListAudit)
    .query(async ({ ctx, input }) => listAudit(ctx.deps, input)),

  get: inOrg('audit:read')
    .output(AuditEntry)
    .input(GetAudit)
    .query(async ({ ctx, input }) => getAudit(ctx.deps, input)),
})
