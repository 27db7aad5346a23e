/** Checkout: a page on which a customer subscribes. */
import type { CheckoutDoc } from './documents.ts'
import { declined, invalid } from './fault.ts'
import { addCard, type CardKind } from './customers.ts'
import { percentOffBy } from './coupons.ts'
import { DAY } from './periods.ts'
import { emit, find, liveCustomer, nextId, type CheckoutWanted, type State } from './state.ts'
import { startSubscription, usablePrice } from './subscriptions.ts'

export function openCheckout(state: State, wanted: CheckoutWanted): CheckoutDoc {
  const customer = liveCustomer(state, wanted.customerId)
  const price = usablePrice(state, wanted.priceId)
  if (customer.currency !== null && customer.currency !== price.currency)
    invalid(
      `You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency ${customer.currency}`,
    )
  const id = nextId(state, 'cs_test')
  const checkout: CheckoutDoc = {
    ...CONSTANT,
    id,
    object: 'checkout.session',
    created: state.now,
    expires_at: state.now + DAY,
    customer: wanted.customerId,
    metadata: wanted.metadata,
    ...{ currency: price.currency, amount_subtotal: price.unit_amount, amount_total: price.unit_amount },
    success_url: wanted.successUrl,
    cancel_url: wanted.cancelUrl,
    status: 'open',
    payment_status: 'unpaid',
    subscription: null,
    invoice: null,
    url: `${state.pagesUrl}/c/pay/${id}`,
  }
  state.checkouts[id] = checkout
  state.checkoutWishes[id] = wanted
  return checkout
}

/**
 * Somebody pays on the page.
 *
 * @throws {StripeFault} the card is declined, the code is wrong, or the page is over; nothing changes
 */
export function completeCheckout(
  state: State,
  id: string,
  { card = 'pays', promotionCode }: { card?: CardKind; promotionCode?: string } = {},
): CheckoutDoc {
  const checkout = find(state.checkouts, id, 'checkout.session')
  const wish = find(state.checkoutWishes, id, 'checkout.session')
  if (checkout.status !== 'open') invalid('This Checkout Session has expired or was completed already.')
  const price = usablePrice(state, wish.priceId)
  const off = percentOffBy(state, promotionCode)
  const isFree = wish.trialDays > 0 || off === 100
  if (card === 'declines' && !isFree) declined()
  // Stripe's default: a card is taken also where nothing is due yet.
  const paymentMethod = addCard(state, wish.customerId, card).id
  const subscription = startSubscription(state, {
    customerId: wish.customerId,
    priceId: price.id,
    trialDays: wish.trialDays,
    metadata: wish.subscriptionMetadata,
    paymentMethod,
    ...(promotionCode === undefined ? {} : { promotionCode }),
  })
  checkout.status = 'complete'
  checkout.payment_status = isFree ? 'no_payment_required' : 'paid'
  checkout.subscription = subscription.id
  checkout.invoice = subscription.latest_invoice
  checkout.url = null
  emit(state, 'checkout.session.completed', checkout)
  return checkout
}

/** @throws {StripeFault} it is over already */
export function expireCheckout(state: State, id: string): CheckoutDoc {
  const checkout = find(state.checkouts, id, 'checkout.session')
  if (checkout.status !== 'open')
    invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${checkout.status}.`,
    )
  checkout.status = 'expired'
  checkout.url = null
  emit(state, 'checkout.session.expired', checkout)
  return checkout
}

const CONSTANT = {
  allow_promotion_codes: true,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  livemode: false,
  mode: 'subscription',
  payment_method_types: ['card'],
  shipping_options: [],
  tax_id_collection: { enabled: true, required: 'never' },
}
