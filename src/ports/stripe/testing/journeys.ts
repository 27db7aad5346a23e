/** What people, time and money do with Stripe: the same for whatever stands in for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { newId } from '../../../contract/ids.ts'
import type { StripeAccount } from '../../../testing/stripe-fake/account.ts'
import type { StripePort, StripeSubscription } from '../port.ts'
import { changes } from './about-changes.ts'
import { debts } from './about-debts.ts'
import { mishaps } from './about-mishaps.ts'
import { subscribing } from './about-subscribing.ts'

/** A port, and the account that is behind it. */
export interface Opened {
  readonly port: StripePort
  readonly account: StripeAccount
  close(): Promise<void>
}

/** A customer of a new organisation. */
export interface Customer extends Omit<Opened, 'close'> {
  readonly customerId: string
  checkout(wanted?: { priceId?: string; trialDays?: number }): Promise<string>
  /** By a checkout that is paid at once. */
  subscribe(wanted?: { priceId?: string; trialDays?: number; promotionCode?: string }): Promise<string>
  /** The newest subscription. */
  newest(): Promise<StripeSubscription>
}

type NewCustomer = () => Promise<Customer>

/** Sentence → what shows it. */
export type Cases = Readonly<Record<string, (newCustomer: NewCustomer) => Promise<void>>>

export function stripeJourneys(name: string, open: () => Promise<Opened>): void {
  describe(name, () => {
    const parts = {} as { opened: Opened }
    beforeAll(async () => {
      parts.opened = await open()
    })
    afterAll(async () => parts.opened.close())
    const newCustomer: NewCustomer = async () => customerOf(parts.opened)
    for (const [title, run] of Object.entries({ ...subscribing, ...changes, ...debts, ...mishaps }))
      it(title, async () => {
        expect.hasAssertions()
        await run(newCustomer)
      })
  })
}

async function customerOf({ port, account }: Opened): Promise<Customer> {
  const orgId = newId('org')
  const { id: customerId } = await port.createCustomer({
    key: orgId,
    orgId,
    name: 'Acme',
    email: 'owner@example.com',
  })
  const checkout: Customer['checkout'] = async ({ priceId = 'price_business_month', trialDays = 0 } = {}) => {
    const successUrl = 'https://shipyard.example.com/billing?checkout={CHECKOUT_SESSION_ID}'
    const cancelUrl = 'https://shipyard.example.com/tier/select'
    const key = newId('out')
    const opened = await port.createCheckout({
      key,
      orgId,
      customerId,
      priceId,
      trialDays,
      successUrl,
      cancelUrl,
    })
    return opened.id
  }
  return {
    port,
    account,
    customerId,
    checkout,
    async subscribe({ promotionCode, ...wanted } = {}) {
      const how = promotionCode === undefined ? {} : { promotionCode }
      return account.completeCheckout(await checkout(wanted), how).id
    },
    async newest() {
      const [first] = await port.listSubscriptions(customerId)
      if (!first) throw new Error(`${customerId} has no subscription`)
      return first
    },
  }
}
