/** What people, time and the network do to an account with Stripe, as fast-check makes it up. */
import fc from 'fast-check'

import type { StripeAccount } from '../../../testing/stripe-fake/account.ts'

const PRICES = ['price_business_month', 'price_business_year', 'price_enterprise_month'] as const

/** One thing that happens. */
export type Happening =
  | {
      readonly is: 'subscribed'
      readonly price: number
      readonly card: 'pays' | 'declines'
      readonly trialDays: number
    }
  | { readonly is: 'card'; readonly card: 'pays' | 'declines' }
  | { readonly is: 'paid' }
  | { readonly is: 'changed'; readonly which: number; readonly price: number }
  | { readonly is: 'cancelled'; readonly which: number; readonly how: 'now' | 'later' | 'resumed' }
  | { readonly is: 'days'; readonly count: number }
  /** An event of those so far is told, perhaps again; what is never told is lost. */
  | { readonly is: 'told'; readonly which: number; readonly times: number }
  /** A server works on its inbox while the rest goes on. */
  | { readonly is: 'worked'; readonly by: 'one' | 'two' }
  | { readonly is: 'listed' }
  | { readonly is: 'away'; readonly isAway: boolean }
  /** All that is under way ends. */
  | { readonly is: 'quiet' }

const which = fc.nat({ max: 40 })
const price = fc.nat({ max: PRICES.length - 1 })
const card = fc.constantFrom('pays' as const, 'pays' as const, 'declines' as const)
const is = <Is extends Happening['is']>(word: Is) => fc.constant(word)

const bought: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ is: is('subscribed'), price, card, trialDays: fc.constantFrom(0, 0, 7) }),
  fc.record({ is: is('card'), card }),
  fc.record({ is: is('paid') }),
  fc.record({ is: is('changed'), which, price }),
  fc.record({ is: is('cancelled'), which, how: fc.constantFrom('now', 'later', 'resumed') }),
  fc.record({ is: is('days'), count: fc.constantFrom(1, 5, 15, 31, 60) }),
)

const told: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: is('told'), which, times: fc.constantFrom(1, 1, 2, 5) }) },
  { weight: 4, arbitrary: fc.record({ is: is('worked'), by: fc.constantFrom('one', 'two') }) },
  { weight: 1, arbitrary: fc.record({ is: is('listed') }) },
  { weight: 1, arbitrary: fc.record({ is: is('away'), isAway: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ is: is('quiet') }) },
)

/** Begins with something that is bought, or there would be little to see. */
export const streams: fc.Arbitrary<Happening[]> = fc
  .tuple(
    fc.record({ is: is('subscribed'), price, card, trialDays: fc.constantFrom(0, 7) }),
    fc.array(fc.oneof(bought, told), { minLength: 4, maxLength: 24 }),
  )
  .map(([first, more]) => [first, ...more])

/** What happens at Stripe. @returns false: it is something that happens elsewhere */
export function happensAtStripe(account: StripeAccount, customerId: string, it: Happening): boolean {
  const own = account.subscriptionsOf(customerId)
  switch (it.is) {
    case 'subscribed': {
      const priceId = PRICES[it.price] ?? PRICES[0]
      account.subscribe({ customerId, priceId, trialDays: it.trialDays, card: it.card })
      return true
    }
    case 'card':
      account.useCard(customerId, it.card)
      return true
    case 'paid':
      account.payOpenInvoices(customerId)
      return true
    case 'changed':
    case 'cancelled': {
      const subscription = own[it.which % own.length]
      if (subscription) changes(account, subscription.id, it)
      return true
    }
    default:
      return false
  }
}

function changes(
  account: StripeAccount,
  id: string,
  it: Extract<Happening, { is: 'changed' | 'cancelled' }>,
): void {
  try {
    if (it.is === 'changed') account.changePrice(id, PRICES[it.price] ?? PRICES[0])
    else if (it.how === 'now') account.cancelNow(id)
    else account.setCancelAtPeriodEnd(id, it.how === 'later')
  } catch (error) {
    // Stripe refuses to change what has ended, or is not paid.
    if (!(error instanceof Error && error.name === 'StripeFault')) throw error
  }
}
