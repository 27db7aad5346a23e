import type { StripeSubscription } from '../../../ports/stripe/port.ts'

/** A paid subscription by the month; a test names what it is about. */
export const aSubscription = (given: Partial<StripeSubscription> = {}): StripeSubscription => ({
  id: 'sub_1',
  customerId: 'cus_1',
  orgId: undefined,
  status: 'active',
  priceId: 'price_business_month',
  interval: 'month',
  currency: 'eur',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  currentPeriodEnd: new Date('2026-02-01T00:00:00Z'),
  cancelAtPeriodEnd: false,
  cancelAt: undefined,
  endedAt: undefined,
  trialEnd: undefined,
  unpaidSince: undefined,
  ...given,
})
