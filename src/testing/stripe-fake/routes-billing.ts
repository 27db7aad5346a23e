/** Customers, prices, invoices, payment methods, pages, events and meters. */
import { expireCheckout, openCheckout } from './checkouts.ts'
import { addCustomer } from './customers.ts'
import type { CheckoutDoc, CustomerDoc, UsageDoc } from './documents.ts'
import { invalid, StripeFault } from './fault.ts'
import { numberAt, textAt, textsAt } from './form.ts'
import { pageOf, type Asked, type Route } from './route.ts'
import { find, liveCustomer, nextId } from './state.ts'

const needed = ({ form }: Asked, ...path: readonly string[]): string => {
  const [name = '', ...rest] = path
  const param = `${name}${rest.map((each) => `[${each}]`).join('')}`
  return (
    textAt(form, ...path) ??
    invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
  )
}

const shown = (customer: CustomerDoc): object =>
  customer.deleted ? { id: customer.id, object: 'customer', deleted: true } : customer

const ofCustomer =
  ({ form }: Asked) =>
  ({ customer }: { readonly customer: string }): boolean => {
    const wanted = textAt(form, 'customer')
    return wanted === undefined || wanted === customer
  }

export const billingRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: /^\/v1\/customers$/,
    answer: ({ state, form }) =>
      addCustomer(state, {
        name: textAt(form, 'name') ?? null,
        email: textAt(form, 'email') ?? null,
        metadata: textsAt(form, 'metadata'),
      }),
  },
  {
    method: 'GET',
    path: /^\/v1\/customers$/,
    answer: ({ state, form }) =>
      pageOf(
        Object.values(state.customers).filter(({ deleted }) => !deleted),
        form,
        '/v1/customers',
      ),
  },
  {
    method: 'GET',
    path: /^\/v1\/customers\/([^/]+)$/,
    answer: ({ state, id }) => shown(find(state.customers, id, 'customer')),
  },
  {
    method: 'GET',
    path: /^\/v1\/customers\/([^/]+)\/payment_methods$/,
    answer: ({ state, id, form }) => {
      liveCustomer(state, id)
      const cards = Object.values(state.paymentMethods).filter(({ customer }) => customer === id)
      return pageOf(cards, form, `/v1/customers/${id}/payment_methods`)
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/prices\/([^/]+)$/,
    answer: ({ state, id }) => find(state.prices, id, 'price'),
  },
  { method: 'POST', path: /^\/v1\/checkout\/sessions$/, answer: newCheckout },
  {
    method: 'GET',
    path: /^\/v1\/checkout\/sessions$/,
    answer: (asked) => {
      const { state, form } = asked
      const status = textAt(form, 'status')
      const isAsked = (each: CheckoutDoc): boolean => status === undefined || each.status === status
      const rows = Object.values(state.checkouts).filter(ofCustomer(asked)).filter(isAsked)
      return pageOf(rows, form, '/v1/checkout/sessions')
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/checkout\/sessions\/([^/]+)$/,
    answer: ({ state, id }) => find(state.checkouts, id, 'checkout.session'),
  },
  {
    method: 'POST',
    path: /^\/v1\/checkout\/sessions\/([^/]+)\/expire$/,
    answer: ({ state, id }) => expireCheckout(state, id),
  },
  { method: 'POST', path: /^\/v1\/billing_portal\/sessions$/, answer: newPortal },
  {
    method: 'GET',
    path: /^\/v1\/invoices$/,
    answer: (asked) => {
      const { state, form } = asked
      const [status, subscription] = [textAt(form, 'status'), textAt(form, 'subscription')]
      const rows = Object.values(state.invoices)
        .filter(ofCustomer(asked))
        .filter((each) => status === undefined || each.status === status)
        .filter(
          ({ parent }) =>
            subscription === undefined || parent.subscription_details.subscription === subscription,
        )
      return pageOf(rows, form, '/v1/invoices')
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/events$/,
    answer: ({ state, form }) => {
      const from = numberAt(form, 'created', 'gte') ?? 0
      const until = numberAt(form, 'created', 'lt') ?? Infinity
      const rows = state.events.filter(({ created }) => created >= from && created < until)
      return pageOf(rows, form, '/v1/events')
    },
  },
  { method: 'POST', path: /^\/v1\/billing\/meter_events$/, answer: newUsage },
]

function newCheckout(asked: Asked): object {
  const { state, form } = asked
  const wanted = {
    customerId: needed(asked, 'customer'),
    priceId: needed(asked, 'line_items', '0', 'price'),
    trialDays: numberAt(form, 'subscription_data', 'trial_period_days') ?? 0,
    successUrl: needed(asked, 'success_url'),
    cancelUrl: textAt(form, 'cancel_url') ?? null,
    metadata: textsAt(form, 'metadata'),
    subscriptionMetadata: textsAt(form, 'subscription_data', 'metadata'),
  }
  return openCheckout(state, wanted)
}

function newPortal(asked: Asked): object {
  const { state, form } = asked
  const { id: customer } = liveCustomer(state, needed(asked, 'customer'))
  const id = nextId(state, 'bps')
  const returnUrl = textAt(form, 'return_url') ?? null
  state.portals[id] = { customer, returnUrl: returnUrl ?? state.pagesUrl }
  return {
    ...{ id, object: 'billing_portal.session', configuration: 'bpc_fake0001', created: state.now, customer },
    ...{ flow: null, livemode: false, locale: null, on_behalf_of: null, return_url: returnUrl },
    url: `${state.pagesUrl}/p/session/${id}`,
  }
}

function newUsage(asked: Asked): object {
  const { state, form } = asked
  const identifier = needed(asked, 'identifier')
  if (Object.hasOwn(state.usage, identifier))
    throw new StripeFault(400, {
      type: 'invalid_request_error',
      message: `An event already exists with identifier ${identifier}.`,
    })
  const usage: UsageDoc = {
    object: 'billing.meter_event',
    ...{ created: state.now, livemode: false },
    identifier,
    event_name: needed(asked, 'event_name'),
    timestamp: numberAt(form, 'timestamp') ?? state.now,
    payload: {
      stripe_customer_id: liveCustomer(state, needed(asked, 'payload', 'stripe_customer_id')).id,
      value: needed(asked, 'payload', 'value'),
    },
  }
  return (state.usage[identifier] = usage)
}
