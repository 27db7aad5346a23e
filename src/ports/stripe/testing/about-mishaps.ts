import { expect } from 'vitest'

import { newId } from '../../../contract/ids.ts'
import type { Cases } from './scene.ts'

/** What is gone, comes twice, or does not fit. */
export const mishaps: Cases = {
  async 'says no where a price is gone, and finds those that are left'(newCustomer) {
    const { port, account, checkout } = await newCustomer()
    const retired = account.addPrice({ amount: 100, interval: 'month' }).id
    const deleted = account.addPrice({ amount: 100, interval: 'month' }).id
    account.retirePrice(retired)
    account.deletePrice(deleted)
    const found = await port.findPrices([retired, deleted, 'price_business_year'])
    expect(found.map(({ id, isActive, amount, interval }) => [id, isActive, amount, interval])).toEqual([
      [retired, false, 100, 'month'],
      ['price_business_year', true, 29_000, 'year'],
    ])
    for (const priceId of [retired, deleted])
      await expect(checkout({ priceId })).rejects.toMatchObject({ code: 'STRIPE_REFUSED' })
  },

  async 'knows a customer that was deleted, with what ended by that, and one that never was'(newCustomer) {
    const { port, account, customerId, subscribe, checkout, newest } = await newCustomer()
    await subscribe()
    account.deleteCustomer(customerId)
    expect(await port.findCustomer(customerId)).toMatchObject({ id: customerId, isDeleted: true })
    expect(await newest()).toMatchObject({ status: 'canceled' })
    await expect(checkout()).rejects.toMatchObject({ code: 'STRIPE_REFUSED' })
    expect(await port.findCustomer('cus_never')).toBeUndefined()
  },

  async 'takes one currency from one customer'(newCustomer) {
    const { account, subscribe, checkout } = await newCustomer()
    await subscribe()
    const { id: priceId } = account.addPrice({ amount: 100, currency: 'eur', interval: 'month' })
    await expect(checkout({ priceId })).rejects.toMatchObject({
      code: 'STRIPE_REFUSED',
      params: { reason: expect.stringContaining('combine currencies') as string },
    })
  },

  async 'makes a thing once for each key, and refuses a key for something else'(newCustomer) {
    const { port } = await newCustomer()
    const orgId = newId('org')
    const make = async (email: string) => port.createCustomer({ key: orgId, orgId, name: 'Acme', email })
    expect(await make('a@example.com')).toEqual(await make('a@example.com'))
    await expect(make('b@example.com')).rejects.toMatchObject({ code: 'STRIPE_REFUSED' })
  },

  async 'ends a checkout once, and minds no second time'(newCustomer) {
    const { port, account, customerId, checkout } = await newCustomer()
    const [one, other] = [await checkout(), await checkout()]
    await port.expireCheckout(one)
    await port.expireCheckout(one)
    expect((await port.listOpenCheckouts(customerId)).map(({ id }) => id)).toEqual([other])
    account.completeCheckout(other)
    await port.expireCheckout(other)
    await expect(port.expireCheckout('cs_never')).rejects.toMatchObject({ code: 'STRIPE_REFUSED' })
  },

  async 'counts usage once'(newCustomer) {
    const { port, account, customerId } = await newCustomer()
    const usage = { key: newId('out'), eventName: 'cpu', customerId, value: 3, at: account.now() }
    await port.reportUsage(usage)
    await port.reportUsage(usage)
    const counted = Object.values(account.state.usage).filter(
      ({ payload }) => payload.stripe_customer_id === customerId,
    )
    expect(counted).toMatchObject([{ event_name: 'cpu', payload: { value: '3' } }])
  },

  async 'lists what happened, oldest first, with whom it was about'(newCustomer) {
    const { port, account, customerId, subscribe } = await newCustomer()
    const since = account.now()
    await subscribe()
    account.advanceDays(0.5)
    account.deleteCustomer(customerId)
    const types = []
    for await (const { type, customerId: whose } of port.listEvents(since))
      if (whose === customerId) types.push(type)
    expect(types).toEqual([
      'customer.created',
      'payment_method.attached',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_succeeded',
      'customer.subscription.updated',
      'checkout.session.completed',
      'customer.subscription.deleted',
      'customer.deleted',
    ])
  },
}
