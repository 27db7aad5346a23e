import { z } from 'zod'

import { OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { input, Instant, OrgRole, TeamRole } from '../access/schema.ts'

export const ListMembers = input({ orgId: OrgId })

export const MemberView = z.object({
  userId: UserId,
  name: z.string(),
  email: z.string(),
  avatarUrl: z.string().nullable(),
  role: OrgRole,
  /** Of these the ones that the caller may see. */
  teams: z.array(z.object({ id: TeamId, name: z.string(), role: TeamRole })),
  /** How many deployments this member answers for; null when the caller may not see them. */
  deployments: z.int().nullable(),
  joinedAt: Instant,
})
export type MemberView = z.infer<typeof MemberView>
export const MemberList = z.array(MemberView)

/** The owner's role changes by handing over the organisation alone. */
export const ChangeMemberRole = input({
  orgId: OrgId,
  userId: UserId,
  role: z.enum(['org_admin', 'org_member']),
})
export type ChangeMemberRole = z.output<typeof ChangeMemberRole>

/** `moveTo`: the member who answers for the deployments afterwards. */
export const RemoveMember = input({ orgId: OrgId, userId: UserId, moveTo: UserId.optional() })
export type RemoveMember = z.output<typeof RemoveMember>

export const HandOver = input({ orgId: OrgId, userId: UserId, moveTo: UserId })
export type HandOver = z.output<typeof HandOver>

export const MemberDone = z.object({ userId: UserId })
export type MemberDone = z.infer<typeof MemberDone>
export const HandedOver = z.object({ userId: UserId, deployments: z.int() })
export type HandedOver = z.infer<typeof HandedOver>

// ── what changes of members write to the audit ────────────────────────────────────────────────────────────

export const MemberRoleAudit = z.strictObject({ role: z.strictObject({ from: OrgRole, to: OrgRole }) })

export const MemberGoneAudit = z.strictObject({
  role: OrgRole,
  deployments: z.int(),
  newKeeperId: UserId.nullable(),
})

export const HandOverAudit = z.strictObject({ deployments: z.int(), newKeeperId: UserId })
