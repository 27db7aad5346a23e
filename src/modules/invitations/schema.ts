import { z } from 'zod'

import { InvitationId, OrgId, TeamId } from '../../contract/ids.ts'
import { text, wholeNumber } from '../../contract/text.ts'
import { input, Instant, TeamRole } from '../access/schema.ts'

const ADDRESS = 'An address is written like somebody@example.com, in letters of the English alphabet.'

/** An e-mail address in lower case. Of one alphabet, so that none can look like another. */
const EmailAddress: z.ZodType<string, string> = z
  .string({ error: ADDRESS })
  .overwrite((value) => value.trim().toLowerCase())
  .max(200, { error: ADDRESS, abort: true })
  .pipe(z.email({ error: ADDRESS }))

/** Nobody is invited to be an owner: an organisation is handed over. */
const InvitedOrgRole = z.enum(['org_admin', 'org_member'])

export const Invite = input({
  teamId: TeamId,
  email: EmailAddress,
  role: TeamRole,
  orgRole: InvitedOrgRole.default('org_member'),
  /** How long its link works. */
  days: wholeNumber('The number of days', 1, 30).default(7),
})
export type Invite = z.output<typeof Invite>

export const NamedInvitation = input({ teamId: TeamId, invitationId: InvitationId })
export type NamedInvitation = z.output<typeof NamedInvitation>

/** `link` is there once, and only where no mail is sent: for whoever invites to hand over. */
export const Invited = z.object({ id: InvitationId, link: z.string().nullable() })
export type Invited = z.infer<typeof Invited>
export const InvitationDone = z.object({ id: InvitationId })
export type InvitationDone = z.infer<typeof InvitationDone>

export const ListInvitations = input({ orgId: OrgId })

export const InvitationView = z.object({
  id: InvitationId,
  teamId: TeamId,
  teamName: z.string(),
  email: z.string(),
  role: TeamRole,
  orgRole: InvitedOrgRole,
  invitedByName: z.string(),
  state: z.enum(['open', 'expired', 'accepted', 'revoked']),
  /** How the newest mail fared; `none` where the link was handed over. */
  mail: z.enum(['none', 'waiting', 'sent', 'failed']),
  /** Why it was not sent yet. */
  mailProblem: z.string().nullable(),
  createdAt: Instant,
  expiresAt: Instant,
})
export type InvitationView = z.infer<typeof InvitationView>
export const InvitationList = z.array(InvitationView)

/** What stands in the link. Whatever it is, the answer says only whether it leads to an invitation. */
export const OpenInvitation = input({
  token: text({ max: 1000, says: 'The link is not complete. Open it as it stands in the mail.' }),
})

export const InvitationPreview = z.object({
  orgId: OrgId,
  orgName: z.string(),
  teamId: TeamId,
  teamName: z.string(),
  email: z.string(),
  role: TeamRole,
  orgRole: InvitedOrgRole,
  invitedByName: z.string(),
  expiresAt: Instant,
  /** By the caller, before. */
  isAccepted: z.boolean(),
})
export type InvitationPreview = z.infer<typeof InvitationPreview>

export const InvitationAccepted = z.object({ orgId: OrgId, teamId: TeamId })
export type InvitationAccepted = z.infer<typeof InvitationAccepted>

// ── what changes of invitations write to the audit ────────────────────────────────────────────────────────

export const InvitationAudit = z.strictObject({ orgRole: InvitedOrgRole, teamRole: TeamRole })
