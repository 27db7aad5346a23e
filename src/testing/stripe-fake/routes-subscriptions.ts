/** Subscriptions, and what a change of one would cost. */
import type { SubscriptionDoc } from './documents.ts'
import { missing } from './fault.ts'
import { numberAt, textAt } from './form.ts'
import { draftInvoice } from './invoices.ts'
import { pageOf, type Asked, type Route } from './route.ts'
import { find, hasEnded } from './state.ts'
import { cancel, changePrice, periodLine, prorationLines, setCancelAtPeriodEnd } from './subscriptions.ts'

const asked = ({ state, id }: Asked): SubscriptionDoc => find(state.subscriptions, id, 'subscription')

export const subscriptionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/v1\/subscriptions$/,
    answer: ({ state, form }) => {
      const [customer, status] = [textAt(form, 'customer'), textAt(form, 'status')]
      const rows = Object.values(state.subscriptions)
        .filter((each) => customer === undefined || each.customer === customer)
        .filter((each) => status === 'all' || !hasEnded(each))
      return pageOf(rows, form, '/v1/subscriptions')
    },
  },
  { method: 'GET', path: /^\/v1\/subscriptions\/([^/]+)$/, answer: asked },
  { method: 'POST', path: /^\/v1\/subscriptions\/([^/]+)$/, answer: update },
  {
    method: 'DELETE',
    path: /^\/v1\/subscriptions\/([^/]+)$/,
    answer: (request) => {
      const subscription = asked(request)
      if (hasEnded(subscription)) missing('subscription', subscription.id)
      cancel(request.state, subscription, { isProrated: textAt(request.form, 'prorate') === 'true' })
      return subscription
    },
  },
  { method: 'POST', path: /^\/v1\/invoices\/create_preview$/, answer: preview },
]

function update(request: Asked): SubscriptionDoc {
  const { state, form } = request
  const subscription = asked(request)
  const cancels = textAt(form, 'cancel_at_period_end')
  if (cancels !== undefined) setCancelAtPeriodEnd(state, subscription, cancels === 'true')
  const priceId = textAt(form, 'items', '0', 'price')
  if (priceId !== undefined)
    changePrice(state, subscription, {
      priceId,
      prorationAt: numberAt(form, 'proration_date') ?? state.now,
      isRefusedUnpaid: textAt(form, 'payment_behavior') === 'error_if_incomplete',
    })
  return subscription
}

/** With prorations: what would be billed at once. Without: what would be billed at the end of the period. */
function preview({ state, form }: Asked): object {
  const id = textAt(form, 'subscription') ?? ''
  const subscription = find(state.subscriptions, id, 'subscription')
  const priceId = textAt(form, 'subscription_details', 'items', '0', 'price') ?? ''
  const prorationAt = numberAt(form, 'subscription_details', 'proration_date') ?? state.now
  const isNow = textAt(form, 'subscription_details', 'proration_behavior') === 'always_invoice'
  if (isNow) {
    const lines = prorationLines(state, subscription, { priceId, prorationAt })
    const wanted = { id: 'upcoming_in_fake', lines, reason: 'subscription_update' } as const
    const invoice = draftInvoice(state, subscription, wanted)
    Object.assign(invoice.parent.subscription_details, { subscription_proration_date: prorationAt })
    return invoice
  }
  const after = structuredClone(subscription)
  after.items.data[0].price = find(state.prices, priceId, 'price')
  const lines = [periodLine(after)]
  const invoice = draftInvoice(state, after, { id: 'upcoming_in_fake', lines, reason: 'subscription_cycle' })
  invoice.next_payment_attempt = after.items.data[0].current_period_end
  return invoice
}
