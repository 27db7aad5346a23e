import { z } from 'zod'

import { OrgId } from '../../contract/ids.ts'
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
  suspendedAt: Instant.nullable(),
  createdAt: Instant,
})
export type OrgView = z.infer<typeof OrgView>
