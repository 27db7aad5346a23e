import { expect } from 'vitest'

import { newId } from '../../../contract/ids.ts'
import type { Cases, Customer } from './scene.ts'

/** Shows what it costs, and does it. @returns what was shown */
async function change({ port, newest }: Customer, priceId: string) {
  const { id: subscriptionId } = await newest()
  const shown = await port.previewChange({ subscriptionId, priceId })
  await port.changePrice({ key: newId('out'), subscriptionId, priceId, prorationAt: shown.prorationAt })
  return shown
}

const latestTotal = async ({ port, customerId }: Customer): Promise<number | undefined> =>
  (await port.listInvoices(customerId))[0]?.total

/** Changing, cancelling and going on. */
export const changes: Cases = {
  async 'charges for an upgrade in mid-period what it showed, although time went by in between'(newCustomer) {
    const customer = await newCustomer()
    const { port, account, subscribe, newest } = customer
    const subscriptionId = await subscribe()
    account.advanceDays(10)
    const priceId = 'price_enterprise_month'
    const shown = await port.previewChange({ subscriptionId, priceId })
    expect(shown.lines.map(({ amount }) => Math.sign(amount))).toEqual([-1, 1])
    expect(shown.next).toEqual({ total: 29_900, at: (await newest()).currentPeriodEnd })
    account.advanceDays(0.5)
    const { prorationAt } = shown
    const changed = await port.changePrice({ key: newId('out'), subscriptionId, priceId, prorationAt })
    expect(changed).toMatchObject({ priceId, status: 'active' })
    expect(shown.dueNow).toBeGreaterThan(0)
    expect(await latestTotal(customer)).toBe(shown.dueNow)
    account.advanceTo(shown.next.at ?? new Date(0))
    expect(await latestTotal(customer)).toBe(shown.next.total)
  },

  async 'gives credit for a downgrade, which pays what comes next'(newCustomer) {
    const customer = await newCustomer()
    const { port, account, customerId, subscribe, newest } = customer
    await subscribe({ priceId: 'price_enterprise_month' })
    account.advanceDays(1)
    const shown = await change(customer, 'price_business_month')
    expect(shown.dueNow).toBeLessThan(-20_000)
    expect(await latestTotal(customer)).toBe(shown.dueNow)
    account.useCard(customerId, 'declines')
    account.advanceDays(35)
    expect(await newest()).toMatchObject({ status: 'active', priceId: 'price_business_month' })
    expect(await port.listInvoices(customerId)).toMatchObject([{ total: 2_900, status: 'paid' }, {}, {}])
  },

  async 'begins a year where somebody changes from month to year'(newCustomer) {
    const customer = await newCustomer()
    const { account, subscribe, newest } = customer
    await subscribe()
    account.advanceDays(15)
    const shown = await change(customer, 'price_business_year')
    expect(shown.dueNow).toBeGreaterThan(27_000)
    expect(await latestTotal(customer)).toBe(shown.dueNow)
    expect(await newest()).toMatchObject({ interval: 'year', currentPeriodEnd: shown.next.at })
    expect(shown.next.total).toBe(29_000)
  },

  async 'changes nothing where the card is declined'(newCustomer) {
    const customer = await newCustomer()
    const { account, customerId, subscribe, newest } = customer
    await subscribe()
    account.useCard(customerId, 'declines')
    await expect(change(customer, 'price_enterprise_month')).rejects.toMatchObject({
      code: 'STRIPE_REFUSED',
      params: { reason: 'Your card was declined' },
    })
    expect(await newest()).toMatchObject({ priceId: 'price_business_month', status: 'active' })
  },

  async 'ends with the period that is paid, or goes on when somebody thinks better of it'(newCustomer) {
    const { port, account, subscribe, newest } = await newCustomer()
    const subscriptionId = await subscribe()
    const cancel = async (cancels: boolean) =>
      port.setCancelAtPeriodEnd({ key: newId('out'), subscriptionId, cancels })
    const { cancelAt, currentPeriodEnd } = await cancel(true)
    expect(cancelAt).toEqual(currentPeriodEnd)
    expect(await cancel(false)).toMatchObject({ cancelAtPeriodEnd: false, cancelAt: undefined })
    account.advanceDays(32)
    expect(await newest()).toMatchObject({ status: 'active' })
    const { cancelAt: end = new Date(0) } = await cancel(true)
    account.advanceTo(end)
    expect(await newest()).toMatchObject({ status: 'canceled', endedAt: end })
    await expect(cancel(false)).rejects.toMatchObject({ code: 'STRIPE_REFUSED' })
  },

  async 'ends at once, with credit for the rest, and only once'(newCustomer) {
    const customer = await newCustomer()
    const { port, account, subscribe } = customer
    const subscriptionId = await subscribe()
    account.advanceDays(1)
    const ended = await port.cancelNow({ key: 'a', subscriptionId })
    expect(ended.status).toBe('canceled')
    expect(await latestTotal(customer)).toBeLessThan(-2_500)
    expect(await port.cancelNow({ key: 'b', subscriptionId })).toEqual(ended)
  },
}
