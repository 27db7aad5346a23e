import type { StripeAccount } from '../../../testing/stripe-fake/account.ts'
import type { StripePort, StripeSubscription } from '../port.ts'

/** A port, and the account that is behind it. */
export interface Opened {
  readonly port: StripePort
  readonly account: StripeAccount
  readonly close: () => Promise<void>
}

/** A customer of a new organisation. */
export interface Customer extends Omit<Opened, 'close'> {
  readonly customerId: string
  readonly checkout: (wanted?: { priceId?: string; trialDays?: number }) => Promise<string>
  /** By a checkout that is paid at once. */
  readonly subscribe: (wanted?: {
    priceId?: string
    trialDays?: number
    promotionCode?: string
  }) => Promise<string>
  /** The newest subscription. */
  readonly newest: () => Promise<StripeSubscription>
}

type NewCustomer = () => Promise<Customer>

/** Sentence → what shows it. */
export type Cases = Readonly<Record<string, (newCustomer: NewCustomer) => Promise<void>>>
