/**
 * What the state of a subscription means for an organisation: one table over every status of Stripe's and time
 * (docs/decisions/046). Pure.
 */
import type { BillingInterval, SubscriptionStatus } from '../../ports/stripe/port.ts'

/**
 * `banner`: all goes on, and the owner is told. `frozen`: nothing new may be made. `suspended`: apps are stopped.
 * `removing`: the removal of data is announced. `removed`: deployments were deleted; people and organisation stay.
 */
export const STAGES = ['full', 'banner', 'frozen', 'suspended', 'removing', 'removed'] as const
export type Stage = (typeof STAGES)[number]

/** What is said besides the stage. */
type Why = 'past_due' | 'unpaid' | 'ended_unpaid' | 'ended' | 'paused' | 'incomplete'

/** How many days each stage lasts before the next one. */
export interface StageDays {
  readonly banner: number
  readonly frozen: number
  readonly suspended: number
  readonly removing: number
}

export interface Standing {
  readonly stage: Stage
  /** When it would have begun by its date alone; undefined for `full`. */
  readonly since: Date | undefined
  /** What comes by time alone. */
  readonly next: { readonly stage: Stage; readonly at: Date } | undefined
  readonly why: Why | undefined
}

interface Meaning {
  /** Whether the organisation has what its price is for; else it has the free plan. */
  readonly grants: boolean
  /** Whether what is due and not paid leads from stage to stage. */
  readonly owes: boolean
  readonly why: Why | undefined
}

const MEANINGS: Readonly<Record<SubscriptionStatus, Meaning>> = {
  trialing: { grants: true, owes: false, why: undefined },
  active: { grants: true, owes: false, why: undefined },
  past_due: { grants: true, owes: true, why: 'past_due' },
  // Stripe has ended its own attempts; what is due stays due.
  unpaid: { grants: true, owes: true, why: 'unpaid' },
  // Who cancels has the free plan. What is owed is owed still: see `meaningOf`.
  canceled: { grants: false, owes: false, why: 'ended' },
  // A trial ended without a card: nothing is owed, nothing is paid.
  paused: { grants: false, owes: false, why: 'paused' },
  // The first payment is under way, or failed: there never was anything to lose.
  incomplete: { grants: false, owes: false, why: 'incomplete' },
  incomplete_expired: { grants: false, owes: false, why: undefined },
}

/** What of a subscription decides. */
export interface Judged {
  readonly status: SubscriptionStatus
  readonly unpaidSince: Date | undefined
  readonly currentPeriodEnd: Date | undefined
  readonly interval: BillingInterval | undefined
}

const meaningOf = ({ status, unpaidSince }: Judged): Meaning =>
  status === 'canceled' && unpaidSince ? { grants: false, owes: true, why: 'ended_unpaid' } : MEANINGS[status]

/** Whether the organisation has the plan of this subscription's price. */
export const grantsPlan = (subscription: Judged | undefined): boolean =>
  subscription !== undefined && meaningOf(subscription).grants

const DAY_MS = 86_400_000
const PERIOD_DAYS: Readonly<Record<BillingInterval, number>> = { month: 31, year: 366 }

/** Where no invoice says it: the period that is not paid began one period before its end. */
function unpaidSinceOf({ unpaidSince, currentPeriodEnd, interval }: Judged): number | undefined {
  if (unpaidSince) return unpaidSince.getTime()
  if (!currentPeriodEnd || !interval) return undefined
  return currentPeriodEnd.getTime() - PERIOD_DAYS[interval] * DAY_MS
}

interface At {
  readonly now: Date
  readonly days: StageDays
  /** Since when the removal stands announced, if it does: nothing is removed that was not announced for as long. */
  readonly announcedAt?: Date | undefined
}

/** @param subscription the one that counts; undefined: there is none, which is the free plan and nothing worse */
export function standingOf(subscription: Judged | undefined, at: At): Standing {
  if (!subscription) return { stage: 'full', since: undefined, next: undefined, why: undefined }
  const { owes, why } = meaningOf(subscription)
  if (!owes) return { stage: 'full', since: undefined, next: undefined, why }
  const begin = unpaidSinceOf(subscription)
  // Since when is not known: it is said, and nothing is taken.
  if (begin === undefined) return { stage: 'banner', since: at.now, next: undefined, why }
  const nowMs = at.now.getTime()
  // The clock of Stripe may be ahead of ours.
  const steps = stepsFrom(Math.min(begin, nowMs), at)
  const reached = steps.filter(({ fromMs }) => fromMs <= nowMs).at(-1)
  const next = steps.find(({ fromMs }) => fromMs > nowMs)
  return {
    stage: reached?.stage ?? 'banner',
    since: new Date(reached?.fromMs ?? begin),
    next: next && { stage: next.stage, at: new Date(next.fromMs) },
    why,
  }
}

interface Step {
  readonly stage: Stage
  readonly fromMs: number
}

function stepsFrom(bannerMs: number, { now, days, announcedAt }: At): readonly Step[] {
  const frozenMs = bannerMs + days.banner * DAY_MS
  const suspendedMs = frozenMs + days.frozen * DAY_MS
  const removingMs = suspendedMs + days.suspended * DAY_MS
  const announcedMs = announcedAt?.getTime() ?? Math.max(removingMs, now.getTime())
  return [
    { stage: 'banner', fromMs: bannerMs },
    { stage: 'frozen', fromMs: frozenMs },
    { stage: 'suspended', fromMs: suspendedMs },
    { stage: 'removing', fromMs: removingMs },
    { stage: 'removed', fromMs: Math.max(announcedMs, removingMs) + days.removing * DAY_MS },
  ]
}
