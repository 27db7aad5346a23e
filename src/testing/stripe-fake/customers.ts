import type { CustomerDoc, Metadata, PaymentMethodDoc } from './documents.ts'
import { LAST4 } from './invoices.ts'
import { emit, liveCustomer, nextId, subscriptionsOf, type State } from './state.ts'
import { end } from './subscriptions.ts'

/** Stripe's test cards: 4242 4242 4242 4242, and 4000 0000 0000 0341, which is taken and then declines each charge. */
export type CardKind = keyof typeof LAST4

export function addCustomer(
  state: State,
  { name, email, metadata }: { name: string | null; email: string | null; metadata: Metadata },
): CustomerDoc {
  const id = nextId(state, 'cus')
  const customer: CustomerDoc = {
    ...CONSTANT,
    id,
    object: 'customer',
    created: state.now,
    email,
    name,
    metadata,
    balance: 0,
    currency: null,
    delinquent: false,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
  }
  state.customers[id] = customer
  emit(state, 'customer.created', customer)
  return customer
}

/** A card that belongs to the customer from now on. */
export function addCard(state: State, customerId: string, kind: CardKind): PaymentMethodDoc {
  const customer = liveCustomer(state, customerId)
  const card: PaymentMethodDoc = {
    id: nextId(state, 'pm'),
    object: 'payment_method',
    ...{ allow_redisplay: 'always', created: state.now, livemode: false, metadata: {} },
    billing_details: { address: null, email: customer.email, name: customer.name, phone: null, tax_id: null },
    customer: customerId,
    type: 'card',
    card: {
      ...CARD,
      last4: LAST4[kind],
      brand: 'visa',
      exp_month: 12,
      exp_year: new Date(state.now * 1000).getUTCFullYear() + 3,
    },
  } as PaymentMethodDoc
  state.paymentMethods[card.id] = card
  emit(state, 'payment_method.attached', card)
  return card
}

/** What the customer and all subscriptions of it are paid by from now on. */
export function useCard(state: State, customerId: string, kind: CardKind): void {
  const customer = liveCustomer(state, customerId)
  customer.invoice_settings.default_payment_method = addCard(state, customerId, kind).id
  for (const subscription of subscriptionsOf(state, customerId)) subscription.default_payment_method = null
  emit(state, 'customer.updated', customer)
}

/** Gone, with everything that runs. Source: https://docs.stripe.com/api/customers/delete */
export function deleteCustomer(state: State, customerId: string): void {
  const customer = liveCustomer(state, customerId)
  for (const subscription of subscriptionsOf(state, customerId)) end(state, subscription)
  emit(state, 'customer.deleted', customer)
  customer.deleted = true
}

const CARD = {
  checks: null,
  country: 'US',
  display_brand: 'visa',
  fingerprint: 'fake',
  funding: 'credit',
  generated_from: null,
  networks: { available: ['visa'], preferred: null },
  regulated_status: 'unregulated',
  three_d_secure_usage: { supported: true },
  wallet: null,
}

const CONSTANT = {
  address: null,
  default_source: null,
  description: null,
  discount: null,
  invoice_prefix: 'FAKE',
  livemode: false,
  next_invoice_sequence: 1,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
}
