import { inOrg, router, self } from '../../rpc/procedures.ts'
import { myOrgs } from '../access/view.ts'
import { getOrg } from './get-org.ts'
import { GetOrg, OrgList, OrgView } from './schema.ts'

export const orgsRouter = router({
  list: self('self:read')
    .output(OrgList)
    .query(({ ctx }) => myOrgs(ctx.actor)),

  get: inOrg('org:read')
    .output(OrgView)
    .input(GetOrg)
    .query(async ({ ctx }) => getOrg(ctx.deps, ctx.caller)),
})
