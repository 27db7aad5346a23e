/** Of all subscriptions of a customer one counts, whatever tabs and days they came from (docs/decisions/045). Pure. */
import type { StripeSubscription, SubscriptionStatus } from '../../ports/stripe/port.ts'

/** The smaller, the better; what has ended counts last. */
const RANK: Readonly<Record<SubscriptionStatus, number>> = {
  active: 0,
  trialing: 0,
  past_due: 1,
  unpaid: 2,
  paused: 3,
  incomplete: 4,
  canceled: 5,
  incomplete_expired: 6,
}

const HAS_ENDED: ReadonlySet<SubscriptionStatus> = new Set(['canceled', 'incomplete_expired'])

/** Whether it costs money, or may come to. */
export const isAlive = ({ status }: Pick<StripeSubscription, 'status'>): boolean => !HAS_ENDED.has(status)

export interface Folded {
  /** The one that counts; undefined: there is none. */
  readonly row: StripeSubscription | undefined
  /** Paid besides it, and to be cancelled. */
  readonly surplus: readonly StripeSubscription[]
}

/** In whatever order they come. */
export function foldSubscriptions(truths: readonly StripeSubscription[]): Folded {
  const [first, ...others] = truths.toSorted(byRank)
  if (!first || !isAlive(first)) return { row: first, surplus: [] }
  // While none is paid for, whichever is paid first may count: another tab may be at its card just now.
  const surplus = first.status === 'incomplete' ? [] : others.filter(isAlive)
  return { row: first, surplus }
}

/** Of two that are alive the one that was there first; of two that ended the later one. */
function byRank(a: StripeSubscription, b: StripeSubscription): number {
  const rank = RANK[a.status] - RANK[b.status]
  if (rank !== 0) return rank
  const age = a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1)
  return isAlive(a) ? age : -age
}
