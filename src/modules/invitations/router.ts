import { inOrg, inTeam, router, self } from '../../rpc/procedures.ts'
import { PlainAudit } from '../access/audit.ts'
import { acceptInvitation, previewInvitation } from './accept-invitation.ts'
import { resendInvitation, revokeInvitation } from './change-invitation.ts'
import { invite } from './invite.ts'
import { listInvitations } from './list-invitations.ts'
import {
  InvitationAccepted,
  InvitationAudit,
  InvitationDone,
  InvitationList,
  InvitationPreview,
  Invite,
  Invited,
  ListInvitations,
  NamedInvitation,
  OpenInvitation,
} from './schema.ts'

export const invitationsRouter = router({
  list: inOrg('org-member:read')
    .output(InvitationList)
    .input(ListInvitations)
    .query(async ({ ctx }) => listInvitations(ctx.deps, ctx.caller)),

  create: inTeam('team-member:invite', { audit: InvitationAudit })
    .output(Invited)
    .input(Invite)
    .mutation(async ({ ctx, input }) => invite(ctx.deps, ctx.caller, input)),

  resend: inTeam('team-member:invite', { audit: PlainAudit })
    .output(Invited)
    .input(NamedInvitation)
    .mutation(async ({ ctx, input }) => resendInvitation(ctx.deps, ctx.caller, input)),

  revoke: inTeam('team-member:remove', { audit: PlainAudit })
    .output(InvitationDone)
    .input(NamedInvitation)
    .mutation(async ({ ctx, input }) => revokeInvitation(ctx.deps, ctx.caller, input)),

  preview: self('self:read')
    .output(InvitationPreview)
    .input(OpenInvitation)
    .query(async ({ ctx, input }) => previewInvitation(ctx.deps, ctx.actor, input.token)),

  accept: self('invitation:accept', { audit: InvitationAudit, renewsSession: true })
    .output(InvitationAccepted)
    .input(OpenInvitation)
    .mutation(async ({ ctx, input }) => acceptInvitation(ctx.deps, ctx, input.token)),
})
