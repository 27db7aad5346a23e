import { z } from 'zod'

import { OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { OrgName, OrgSlug } from '../../contract/people-names.ts'
import { text, wholeNumber } from '../../contract/text.ts'
import { input, Instant, MyOrg, OrgRole, Quota } from '../access/schema.ts'

export const GetOrg = input({ orgId: OrgId })

export const OrgList = z.array(MyOrg)

export const OrgView = z.object({
  id: OrgId,
  slug: z.string(),
  name: z.string(),
  /** The caller's own. */
  role: OrgRole,
  plan: z.string(),
  /** What is left of the plan. Limits are null where billing is off. */
  deployments: Quota,
  members: Quota,
  teams: Quota,
  suspendedAt: Instant.nullable(),
  /** In the words of whoever suspended it. */
  suspendedReason: z.string().nullable(),
  createdAt: Instant,
})
export type OrgView = z.infer<typeof OrgView>

/** Without a slug it gets one that is made from its name. */
export const CreateOrg = input({ name: OrgName, slug: OrgSlug.optional() })
export type CreateOrg = z.output<typeof CreateOrg>
export const OrgCreated = z.object({ id: OrgId, teamId: TeamId })
export type OrgCreated = z.infer<typeof OrgCreated>

export const RenameOrg = input({ orgId: OrgId, name: OrgName })
export const ChangeSlug = input({ orgId: OrgId, slug: OrgSlug })
export const OrgChanged = z.object({ id: OrgId, name: z.string(), slug: z.string() })
export type OrgChanged = z.infer<typeof OrgChanged>

export const TransferOrg = input({ orgId: OrgId, userId: UserId })
export const LeaveOrg = input({ orgId: OrgId })
export const DeleteOrg = input({ orgId: OrgId })

const MAX_PAGE = 100

export const ListAllOrgs = input({
  /** Of the name, the short name, or the beginning of the owner's address. */
  search: text({ max: 320, says: 'A search has at most 320 characters.' }).optional(),
  which: z.enum(['all', 'suspended']).default('all'),
  cursor: z.string().max(400).optional(),
  limit: wholeNumber('The size of a page', 1, MAX_PAGE).default(50),
})

/** An organisation as who runs the installation sees it. */
const AnyOrg = z.object({
  id: OrgId,
  slug: z.string(),
  name: z.string(),
  plan: z.object({ id: z.string(), name: z.string() }),
  owner: z.object({ id: UserId, name: z.string(), email: z.string() }),
  deployments: z.int(),
  members: z.int(),
  suspendedAt: Instant.nullable(),
  suspendedReason: z.string().nullable(),
  createdAt: Instant,
})
export type AnyOrg = z.infer<typeof AnyOrg>

/** Newest first. */
export const AnyOrgPage = z.object({ items: z.array(AnyOrg), nextCursor: z.string().nullable() })

export const SuspendOrg = input({
  orgId: OrgId,
  reason: text({ min: 1, max: 300, says: 'The reason for a suspension has 1 to 300 characters.' }),
})
export const ResumeOrg = input({ orgId: OrgId })

export const OrgDone = z.object({ id: OrgId })
export type OrgDone = z.infer<typeof OrgDone>
