import { expect } from 'vitest'

import type { Cases } from './scene.ts'

/** Charges that fail, and what comes of them. */
export const debts: Cases = {
  async 'is past due from the first charge that failed, until it is paid'(newCustomer) {
    const { port, account, customerId, subscribe, newest } = await newCustomer()
    await subscribe()
    const { currentPeriodEnd } = await newest()
    account.useCard(customerId, 'declines')
    account.advanceDays(33)
    expect(await newest()).toMatchObject({ status: 'past_due', unpaidSince: currentPeriodEnd })
    account.useCard(customerId, 'pays')
    account.payOpenInvoices(customerId)
    expect(await newest()).toMatchObject({ status: 'active', unpaidSince: undefined })
    expect(await port.listInvoices(customerId)).toMatchObject([{ status: 'paid' }, { status: 'paid' }])
  },

  async 'is paid by itself where a further try succeeds'(newCustomer) {
    const { account, customerId, subscribe, newest } = await newCustomer()
    await subscribe()
    account.useCard(customerId, 'declines')
    account.advanceDays(32)
    account.useCard(customerId, 'pays')
    expect(await newest()).toMatchObject({ status: 'past_due' })
    account.advanceDays(4)
    expect(await newest()).toMatchObject({ status: 'active' })
  },

  async 'is unpaid since the same day, however many periods go by'(newCustomer) {
    const { account, customerId, subscribe, newest } = await newCustomer()
    account.setAfterRetries('unpaid')
    await subscribe()
    const { currentPeriodEnd } = await newest()
    account.useCard(customerId, 'declines')
    account.advanceDays(100)
    expect(await newest()).toMatchObject({ status: 'unpaid', unpaidSince: currentPeriodEnd })
    account.useCard(customerId, 'pays')
    account.payOpenInvoices(customerId)
    expect(await newest()).toMatchObject({ status: 'active', unpaidSince: undefined })
  },

  async 'owes since the first of several charges that failed'(newCustomer) {
    const { port, account, customerId, subscribe, newest } = await newCustomer()
    account.setAfterRetries('past_due')
    await subscribe()
    const { currentPeriodEnd } = await newest()
    account.useCard(customerId, 'declines')
    account.advanceDays(70)
    const open = (await port.listInvoices(customerId)).filter(({ status }) => status === 'open')
    expect(open).toHaveLength(2)
    expect(await newest()).toMatchObject({ status: 'past_due', unpaidSince: currentPeriodEnd })
  },

  async 'ends after the last try, where the account with Stripe says so'(newCustomer) {
    const { account, customerId, subscribe, newest } = await newCustomer()
    account.setAfterRetries('canceled')
    await subscribe()
    account.useCard(customerId, 'declines')
    account.advanceDays(60)
    expect(await newest()).toMatchObject({ status: 'canceled' })
  },

  async 'is past due where a trial ends and nobody pays'(newCustomer) {
    const { account, customerId, subscribe, newest } = await newCustomer()
    await subscribe({ trialDays: 7 })
    account.useCard(customerId, 'declines')
    account.advanceDays(8)
    const { status, trialEnd, unpaidSince } = await newest()
    expect([status, unpaidSince]).toEqual(['past_due', trialEnd])
  },

  async 'never was, where the first payment never came'(newCustomer) {
    const { account, customerId, newest } = await newCustomer()
    account.subscribe({ customerId, priceId: 'price_business_month', card: 'declines' })
    expect(await newest()).toMatchObject({ status: 'incomplete', unpaidSince: expect.any(Date) as Date })
    account.advanceDays(1)
    expect(await newest()).toMatchObject({ status: 'incomplete_expired', unpaidSince: undefined })
  },
}
