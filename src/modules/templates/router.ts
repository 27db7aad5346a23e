import { inTeam, router } from '../../rpc/procedures.ts'
import { findTemplate } from './find-template.ts'
import { listTemplates } from './list-templates.ts'
import { GetTemplate, ListTemplates, TemplateList, TemplateView } from './schema.ts'
import { viewOfTemplate } from './view.ts'

export const templatesRouter = router({
  list: inTeam('template:read')
    .output(TemplateList)
    .input(ListTemplates)
    .query(async ({ ctx, input }) => listTemplates(ctx.deps, ctx.caller, input.teamId)),

  get: inTeam('template:read')
    .output(TemplateView)
    .input(GetTemplate)
    .query(async ({ ctx, input }) => {
      const { actor, scope } = ctx.caller
      const wanted = { ...input, orgId: scope.orgId, userId: actor.userId }
      return viewOfTemplate(await findTemplate(ctx.deps.db, wanted))
    }),
})
