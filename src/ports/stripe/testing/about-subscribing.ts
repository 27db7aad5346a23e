import { expect } from 'vitest'

import type { Cases } from './scene.ts'

/** Trying, subscribing, renewing. */
export const subscribing: Cases = {
  async 'subscribes on a page, once it is paid, and renews month by month'(newCustomer) {
    const { port, account, customerId, checkout, newest } = await newCustomer()
    const id = await checkout()
    expect(await port.listOpenCheckouts(customerId)).toMatchObject([{ id, priceId: 'price_business_month' }])
    expect(() => account.completeCheckout(id, { card: 'declines' })).toThrow('Your card was declined.')
    expect(await port.listSubscriptions(customerId)).toEqual([])
    account.completeCheckout(id)
    expect(await port.listOpenCheckouts(customerId)).toEqual([])
    const { currentPeriodEnd = new Date(0), ...first } = await newest()
    expect(first).toMatchObject({ status: 'active', interval: 'month', currency: 'usd', customerId })
    const { orgId } = (await port.findCustomer(customerId)) ?? {}
    expect(first.orgId).toBe(orgId)
    account.advanceTo(currentPeriodEnd)
    expect((await newest()).currentPeriodEnd?.getTime()).toBeGreaterThan(currentPeriodEnd.getTime())
    const invoices = await port.listInvoices(customerId)
    expect(invoices.map(({ total, status }) => [total, status])).toEqual([
      [2_900, 'paid'],
      [2_900, 'paid'],
    ])
  },

  async 'tries for nothing, and pays when the trial ends'(newCustomer) {
    const { port, account, customerId, subscribe, newest } = await newCustomer()
    await subscribe({ trialDays: 14 })
    const { status, trialEnd, currentPeriodEnd } = await newest()
    expect([status, trialEnd]).toEqual(['trialing', currentPeriodEnd])
    account.advanceDays(14)
    expect(await newest()).toMatchObject({ status: 'active', unpaidSince: undefined })
    expect((await port.listInvoices(customerId)).map(({ total }) => total)).toEqual([2_900, 0])
  },

  async 'charges nothing to who has a code that makes it free, whatever the card is worth'(newCustomer) {
    const { port, account, customerId, subscribe, newest } = await newCustomer()
    account.addPromotionCode('ALL', 100)
    await subscribe({ promotionCode: 'ALL' })
    account.useCard(customerId, 'declines')
    account.advanceDays(40)
    expect(await newest()).toMatchObject({ status: 'active', unpaidSince: undefined })
    expect((await port.listInvoices(customerId)).map(({ total }) => total)).toEqual([0, 0])
  },

  async 'shows which card is used, and the page where it is changed'(newCustomer) {
    const { port, account, customerId, subscribe } = await newCustomer()
    await subscribe()
    account.useCard(customerId, 'declines')
    const cards = await port.listPaymentMethods(customerId)
    expect(cards.map(({ last4, isDefault }) => [last4, isDefault])).toEqual([
      ['0341', true],
      ['4242', false],
    ])
    const { url } = await port.createPortal({ customerId, returnUrl: 'https://shipyard.example.com/billing' })
    expect(url).toMatch(/^https?:\/\//)
  },

  async 'finds everybody, and everything that runs, page by page'(newCustomer) {
    const { port, account, customerId, subscribe } = await newCustomer()
    const id = await subscribe()
    for (let count = 0; count < 105; count += 1)
      account.subscribe({ customerId, priceId: 'price_business_year' })
    const customers = []
    for await (const each of port.listCustomers()) customers.push(each.id)
    const living = []
    for await (const each of port.listAllSubscriptions()) living.push(each.id)
    expect(customers).toContain(customerId)
    expect(living).toContain(id)
    expect(new Set(living).size).toBeGreaterThanOrEqual(106)
    expect(living).toHaveLength(new Set(living).size)
    account.deleteCustomer(customerId)
  },
}
