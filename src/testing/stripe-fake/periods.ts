import type { BillingInterval } from '../../ports/stripe/port.ts'

export const DAY = 86_400
export const HOUR = 3_600

/**
 * The end of the period that begins at `start`: on the day of month of the anchor, or the last day of a shorter month.
 * Source: https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function periodEnd(anchor: number, start: number, interval: BillingInterval): number {
  const months = interval === 'year' ? 12 : 1
  for (let count = 1; ; count += 1) {
    const end = monthsAfter(anchor, count * months)
    if (end > start) return end
  }
}

function monthsAfter(anchor: number, months: number): number {
  const from = new Date(anchor * 1000)
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1)
  const month = new Date(first)
  const days = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate()
  const timeOfDay = anchor % DAY
  return first / 1000 + (Math.min(from.getUTCDate(), days) - 1) * DAY + timeOfDay
}
