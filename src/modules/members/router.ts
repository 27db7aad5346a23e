import { inOrg, router } from '../../rpc/procedures.ts'
import { changeMemberRole } from './change-member-role.ts'
import { listMembers } from './list-members.ts'
import { handOver, removeMember } from './remove-member.ts'
import {
  ChangeMemberRole,
  HandedOver,
  HandOver,
  HandOverAudit,
  ListMembers,
  MemberDone,
  MemberGoneAudit,
  MemberList,
  MemberRoleAudit,
  RemoveMember,
} from './schema.ts'

export const membersRouter = router({
  list: inOrg('org-member:read')
    .output(MemberList)
    .input(ListMembers)
    .query(async ({ ctx }) => listMembers(ctx.deps, ctx.caller)),

  changeRole: inOrg('org-member:change-role', { audit: MemberRoleAudit })
    .output(MemberDone)
    .input(ChangeMemberRole)
    .mutation(async ({ ctx, input }) => changeMemberRole(ctx.deps, ctx.caller, input)),

  handOver: inOrg('org-member:hand-over', { audit: HandOverAudit })
    .output(HandedOver)
    .input(HandOver)
    .mutation(async ({ ctx, input }) => handOver(ctx.deps, ctx.caller, input)),

  remove: inOrg('org-member:remove', { audit: MemberGoneAudit })
    .output(MemberDone)
    .input(RemoveMember)
    .mutation(async ({ ctx, input }) => removeMember(ctx.deps, ctx.caller, input)),
})
