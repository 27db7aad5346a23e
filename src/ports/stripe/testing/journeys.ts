/** What people, time and money do with Stripe: the same for whatever stands in for it. */
import { afterAll, beforeAll, expect, it } from 'vitest'

import { newId } from '../../../contract/ids.ts'
import { changes } from './about-changes.ts'
import { debts } from './about-debts.ts'
import { mishaps } from './about-mishaps.ts'
import { subscribing } from './about-subscribing.ts'
import type { Customer, Opened } from './scene.ts'

/** Declares the journeys in a test file, on one account that is opened before and closed after them. */
export function stripeJourneys(open: () => Promise<Opened>): void {
  const parts = {} as { opened: Opened }
  beforeAll(async () => {
    parts.opened = await open()
  })
  afterAll(async () => parts.opened.close())
  const cases = Object.entries({ ...subscribing, ...changes, ...debts, ...mishaps })
  it.each(cases)('%s', async (_, run) => {
    expect.hasAssertions()
    await run(async () => customerOf(parts.opened))
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
