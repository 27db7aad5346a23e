import { inOrg, onPlatform, router, self } from '../../rpc/procedures.ts'
import { PlainAudit } from '../access/audit.ts'
import { myOrgs } from '../access/view.ts'
import { leaveOrg } from '../members/remove-member.ts'
import { MemberGoneAudit } from '../members/schema.ts'
import { OrgChangeAudit, SuspensionAudit, TransferAudit } from './audit.ts'
import { createOrg } from './create-org.ts'
import { deleteOrg } from './delete-org.ts'
import { getOrg } from './get-org.ts'
import { listAllOrgs } from './list-all-orgs.ts'
import {
  AnyOrgPage,
  ChangeSlug,
  CreateOrg,
  DeleteOrg,
  GetOrg,
  LeaveOrg,
  ListAllOrgs,
  OrgChanged,
  OrgCreated,
  OrgDone,
  OrgList,
  OrgView,
  RenameOrg,
  ResumeOrg,
  SuspendOrg,
  TransferOrg,
} from './schema.ts'
import { suspendOrg } from './suspend-org.ts'
import { transferOrg } from './transfer-org.ts'
import { updateOrg } from './update-org.ts'

export const orgsRouter = router({
  list: self('self:read')
    .output(OrgList)
    .query(({ ctx }) => myOrgs(ctx.actor)),

  get: inOrg('org:read')
    .output(OrgView)
    .input(GetOrg)
    .query(async ({ ctx }) => getOrg(ctx.deps, ctx.caller)),

  create: self('org:create', { audit: PlainAudit, renewsSession: true })
    .output(OrgCreated)
    .input(CreateOrg)
    .mutation(async ({ ctx, input }) => createOrg(ctx.deps, ctx, input)),

  rename: inOrg('org:update', { audit: OrgChangeAudit })
    .output(OrgChanged)
    .input(RenameOrg)
    .mutation(async ({ ctx, input }) => updateOrg(ctx.deps, ctx.caller, { name: input.name })),

  changeSlug: inOrg('org:update', { audit: OrgChangeAudit })
    .output(OrgChanged)
    .input(ChangeSlug)
    .mutation(async ({ ctx, input }) => updateOrg(ctx.deps, ctx.caller, { slug: input.slug })),

  transfer: inOrg('org:transfer', { audit: TransferAudit, renewsSession: true })
    .output(OrgDone)
    .input(TransferOrg)
    .mutation(async ({ ctx, input }) => transferOrg(ctx.deps, ctx.caller, input.userId)),

  leave: inOrg('org:leave', { audit: MemberGoneAudit })
    .output(OrgDone)
    .input(LeaveOrg)
    .mutation(async ({ ctx }) => leaveOrg(ctx.deps, ctx.caller)),

  delete: inOrg('org:delete', { audit: PlainAudit })
    .output(OrgDone)
    .input(DeleteOrg)
    .mutation(async ({ ctx }) => deleteOrg(ctx.deps, ctx.caller)),

  listAll: onPlatform('org:list-all')
    .output(AnyOrgPage)
    .input(ListAllOrgs)
    .query(async ({ ctx, input }) => listAllOrgs(ctx.deps, input)),

  suspend: onPlatform('org:suspend', { audit: SuspensionAudit })
    .output(OrgDone)
    .input(SuspendOrg)
    .mutation(async ({ ctx, input }) => suspendOrg(ctx.deps, ctx, input)),

  resume: onPlatform('org:suspend', { audit: SuspensionAudit })
    .output(OrgDone)
    .input(ResumeOrg)
    .mutation(async ({ ctx, input }) => suspendOrg(ctx.deps, ctx, { ...input, reason: null })),
})
