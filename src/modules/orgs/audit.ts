/** What changes of organisations write to the audit. */
import { z } from 'zod'

import { UserId } from '../../contract/ids.ts'

/** A field before and after. */
const Changed = z.strictObject({ from: z.string(), to: z.string() })

export const OrgChangeAudit = z.strictObject({ name: Changed, slug: Changed })

export const TransferAudit = z.strictObject({
  owner: z.strictObject({ from: UserId, to: UserId, name: z.string() }),
})

export const SuspensionAudit = z.strictObject({ suspended: z.boolean(), reason: z.string().nullable() })
