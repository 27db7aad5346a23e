/** What was used, and what may be spent on it. */
import { z } from 'zod'

import { CreditId, DeploymentId, OrgId } from '../../contract/ids.ts'
import { text, wholeNumber } from '../../contract/text.ts'
import { input, Instant } from '../access/schema.ts'

const Month = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, { error: 'A month is written like 2026-01.' })

export const ReadUsage = input({
  orgId: OrgId,
  /** By UTC; the present one where none is named. */
  month: Month.optional(),
})

/** Of the query of a file. */
export const UsageFilter = input({ month: Month.optional() })
export type UsageFilter = z.output<typeof UsageFilter>

const used = {
  cpuHours: z.number(),
  memoryGibHours: z.number(),
  storageGibHours: z.number(),
  /** In cents, not rounded; null where nothing has a price. */
  cents: z.number().nullable(),
}

export const UsedAmounts = z.object(used)
export type UsedAmounts = z.infer<typeof UsedAmounts>

export const UsageReport = z.object({
  month: Month,
  /** Up to where it is counted; null: nothing is, in this month. */
  countedUntil: Instant.nullable(),
  /** False: of the teams that one is in only. */
  isWhole: z.boolean(),
  total: UsedAmounts,
  /** Days on which something was used, as 2026-01-31. */
  days: z.array(z.object({ day: z.string(), ...used })),
  /** Those that used the most first. */
  deployments: z.array(z.object({ id: DeploymentId, name: z.string(), isGone: z.boolean(), ...used })),
  /** What the deployments that are not listed used. */
  others: z.object({ count: z.int(), ...used }).nullable(),
  prices: z
    .object({
      currency: z.string(),
      cpuHour: z.number(),
      memoryHour: z.number(),
      storageMonth: z.number(),
    })
    .nullable(),
  /** What the plan lets each member's deployments have at a time. */
  included: z
    .object({ plan: z.string(), cpu: z.string(), memory: z.string(), storage: z.string() })
    .nullable(),
})
export type UsageReport = z.infer<typeof UsageReport>

export const ReadBudget = input({ orgId: OrgId })

export const BudgetView = z.object({
  /** Null: there is none. */
  amountCents: z.int().nullable(),
  /** Whether deployments are stopped when it is used up. */
  stops: z.boolean(),
  /** They are stopped now. */
  isStopped: z.boolean(),
  /** In this month, not rounded. */
  spentCents: z.number().nullable(),
  currency: z.string().nullable(),
})
export type BudgetView = z.infer<typeof BudgetView>

const MAX_CENTS = 100_000_000

export const SetBudget = input({
  orgId: OrgId,
  amountCents: wholeNumber('A budget in cents', 0, MAX_CENTS).nullable(),
  stops: z.boolean(),
})

/** `detail` of a change of the budget. */
export const BudgetAudit = z.strictObject({
  amountCents: z.strictObject({ from: z.int().nullable(), to: z.int().nullable() }),
  stops: z.strictObject({ from: z.boolean(), to: z.boolean() }),
})

export const ReadCredits = input({ orgId: OrgId })

export const CreditsView = z.object({
  /** What is left after what was used until now, in cents, not rounded; null where nothing has a price. */
  leftCents: z.number().nullable(),
  /** Of what this month cost until now, how much credit pays for. */
  usedCents: z.number().nullable(),
  currency: z.string().nullable(),
  /** What was given, taken back, and used in months that are closed; newest first. */
  entries: z.array(
    z.object({
      id: CreditId,
      amountCents: z.int(),
      month: Month.nullable(),
      reason: z.string(),
      at: Instant,
    }),
  ),
})
export type CreditsView = z.infer<typeof CreditsView>

const amount = wholeNumber('An amount in cents', -MAX_CENTS, MAX_CENTS).refine((cents) => cents !== 0, {
  error: 'An amount of nothing changes nothing.',
})
const reason = text({ min: 1, max: 300, says: 'The reason for a credit has 1 to 300 characters.' })

export const GrantCredit = input({
  orgId: OrgId,
  /** Chosen by who asks, so that asking twice gives once. */
  id: CreditId,
  /** Less than nothing takes back. */
  amountCents: amount,
  reason,
})

export const CreditGranted = z.object({ id: CreditId })

/** `detail` of a credit that was given. */
export const CreditAudit = z.strictObject({ amountCents: z.int(), reason: z.string() })
