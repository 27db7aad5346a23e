/** Where Stripe, the rows and the cluster do not agree, and what mends it. */
import { z } from 'zod'

import { OrgId } from '../../contract/ids.ts'
import { input, Instant } from '../access/schema.ts'

const StripeId = z.string().regex(/^[A-Za-z0-9_]{1,255}$/, { error: 'This is no id of Stripe’s.' })

/** What a difference is about, and a repair is asked for by. */
export const Repair = z.discriminatedUnion('how', [
  /** Ask Stripe again, and write what it says; a second subscription is cancelled. */
  z.object({ how: z.literal('fold'), customerId: StripeId }),
  /** Of somebody who is not here (any more). */
  z.object({ how: z.literal('cancel'), customerId: StripeId, subscriptionId: StripeId }),
  z.object({ how: z.literal('recount'), orgId: OrgId }),
  /** Write everything of the organisation to the cluster again. */
  z.object({ how: z.literal('push'), orgId: OrgId }),
])
export type Repair = z.infer<typeof Repair>

export const DIFFERENCES = {
  SubscriptionOfNobody: 'Stripe charges for a subscription of an organisation that is not here.',
  SecondSubscription: 'Stripe charges for more than one subscription of this organisation.',
  SubscriptionDiffers: 'Stripe says something else of this subscription than what is written here.',
  SubscriptionMissing: 'A subscription is written here as alive, and Stripe has none.',
  PlanDiffers: 'The organisation has another plan than its subscription gives.',
  CountersDiffer: 'The numbers that limits are held to are not what there is.',
  RunsWithoutRight: 'It runs in the cluster, although its organisation may run nothing.',
  QuotaOfAnotherPlan: 'Its namespace is held to another plan than the organisation has.',
} as const
export type DifferenceKind = keyof typeof DIFFERENCES

export const Difference = z.object({
  kind: z.enum(Object.keys(DIFFERENCES) as [DifferenceKind, ...DifferenceKind[]]),
  /** For people: the organisation, or what is known of it. */
  name: z.string(),
  sentence: z.string(),
  /** Exactly what differs. */
  detail: z.string(),
  repair: Repair,
})
export type Difference = z.infer<typeof Difference>

export const Comparison = z.object({
  takenAt: Instant,
  differences: z.array(Difference),
  isTruncated: z.boolean(),
  /** Why a place could not be looked at; what is shown says nothing of it. */
  blind: z.array(z.object({ place: z.enum(['stripe', 'cluster']), sentence: z.string() })),
})
export type Comparison = z.infer<typeof Comparison>

export const ReadComparison = input({})

/** Null: nothing was compared yet. */
export const LastComparison = z.object({ last: Comparison.nullable() })

export const RunComparison = input({})

/** `detail` of having everything compared. */
export const ComparisonAudit = z.strictObject({ differences: z.int() })

export const RepairDifference = input({ repair: Repair })

/** `gone`: there was nothing to repair any more. */
export const Repaired = z.object({ outcome: z.enum(['done', 'gone']) })
export type Repaired = z.infer<typeof Repaired>

/** `detail` of mending a difference. */
export const RepairAudit = z.strictObject({ how: z.string(), about: z.string() })
