/** Stripe's own pages: Checkout and the customer portal. */
import type { Stripe } from 'stripe'

import { fail } from '../../errors.ts'
import { called, isRefusal, refuse } from './errors.ts'
import { dateOf, ORG_KEY, PRICE_KEY } from './from-stripe.ts'
import type { CheckoutRequest, StripePort } from './port.ts'
import { listed, PAGE } from './subscriptions.ts'

type Pages = Pick<StripePort, 'createCheckout' | 'expireCheckout' | 'listOpenCheckouts' | 'createPortal'>

export const checkoutsOn = (stripe: Stripe): Pages => ({
  async createCheckout(request) {
    const idempotencyKey = request.key
    const session = await called(stripe.checkout.sessions.create(paramsOf(request), { idempotencyKey }))
    const { id, url, expires_at: expiresAt } = session
    return {
      id,
      url: url ?? fail('STRIPE_REFUSED', { reason: 'the checkout is over' }),
      expiresAt: dateOf(expiresAt),
    }
  },
  async expireCheckout(id) {
    try {
      await stripe.checkout.sessions.expire(id)
    } catch (error) {
      if (!isRefusal(error)) refuse(error)
      const { status } = await called(stripe.checkout.sessions.retrieve(id))
      if (status === 'open') refuse(error)
    }
  },
  async listOpenCheckouts(customerId) {
    const found = []
    const wanted = { customer: customerId, status: 'open', limit: PAGE } as const
    for await (const { id, url, metadata } of listed(stripe.checkout.sessions.list(wanted)))
      if (url !== null) found.push({ id, url, priceId: metadata?.[PRICE_KEY] })
    return found
  },
  async createPortal({ customerId, returnUrl }) {
    const wanted = { customer: customerId, return_url: returnUrl }
    const { url } = await called(stripe.billingPortal.sessions.create(wanted))
    return { url }
  },
})

function paramsOf(request: CheckoutRequest): Stripe.Checkout.SessionCreateParams {
  const { orgId, customerId, priceId, trialDays, successUrl, cancelUrl } = request
  return {
    mode: 'subscription',
    customer: customerId,
    client_reference_id: orgId,
    line_items: [{ price: priceId, quantity: 1 }],
    success_url: successUrl,
    cancel_url: cancelUrl,
    allow_promotion_codes: true,
    billing_address_collection: 'auto',
    tax_id_collection: { enabled: true },
    // A tax id needs a name and an address, which are the customer's from then on.
    customer_update: { name: 'auto', address: 'auto' },
    metadata: { [ORG_KEY]: orgId, [PRICE_KEY]: priceId },
    subscription_data: {
      metadata: { [ORG_KEY]: orgId },
      ...(trialDays > 0 ? { trial_period_days: trialDays } : {}),
    },
  }
}
