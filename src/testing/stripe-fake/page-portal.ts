/** The customer portal, and the page of an invoice. */
import type { StripeAccount } from './account.ts'
import type { InvoiceDoc, SubscriptionDoc } from './documents.ts'
import { StripeFault } from './fault.ts'
import { alert, button, CARDS, day, escaped, money, page } from './html.ts'
import type { PageAnswer } from './page-checkout.ts'
import { find, hasEnded, subscriptionsOf, type State } from './state.ts'

export function portalPage(account: StripeAccount, id: string, problem?: string): PageAnswer {
  return account.act((state) => {
    const portal = find(state.portals, id, 'billing_portal.session')
    const living = subscriptionsOf(state, portal.customer).filter((each) => !hasEnded(each))
    const invoices = Object.values(state.invoices).filter(({ customer }) => customer === portal.customer)
    const parts = [
      alert(problem),
      ...(living.length === 0
        ? ['<p>There is no subscription.</p>']
        : living.map((each) => shown(state, each))),
      `<h2>Card</h2>${button('Use this card', { action: 'card' }, CARDS)}`,
      `<h2>Invoices</h2>${listOf(invoices)}`,
      `<p><a href="${escaped(portal.returnUrl)}">Return to Shipyard</a></p>`,
    ]
    return { status: 200, html: page('Your subscription', parts.join('\n')) }
  })
}

function shown(state: State, subscription: SubscriptionDoc): string {
  const { id, status, cancel_at_period_end: cancels, items } = subscription
  const [item] = items.data
  const name = item.price.nickname ?? item.price.id
  const until = `${cancels ? 'ends' : 'renews'} on ${day(item.current_period_end)}`
  const options = Object.values(state.prices)
    .filter(({ active }) => active)
    .map((price) => {
      const each = `${price.nickname ?? price.id}, ${money(price.unit_amount, price.currency)} a ${price.recurring.interval}`
      return `<option value="${escaped(price.id)}"${price.id === item.price.id ? ' selected' : ''}>${escaped(each)}</option>`
    })
  const plans = `<label>Plan <select name="price">${options.join('')}</select></label>`
  return [
    `<h2>${escaped(name)}</h2><p>It is ${status.replace('_', ' ')}, and ${until}.</p>`,
    button('Change plan', { action: 'plan', subscription: id }, plans),
    button(cancels ? 'Do not cancel' : 'Cancel subscription', {
      action: cancels ? 'resume' : 'cancel',
      subscription: id,
    }),
  ].join('\n')
}

const listOf = (invoices: readonly InvoiceDoc[]): string =>
  invoices.length === 0
    ? '<p>There are none.</p>'
    : `<table><tr><th scope="col">Date</th><th scope="col">Total</th><th scope="col">State</th></tr>${invoices
        .toReversed()
        .map(
          ({ id, created, total, currency, status }) =>
            `<tr><td><a href="/i/${id}">${day(created)}</a></td><td>${money(total, currency)}</td><td>${status}</td></tr>`,
        )
        .join('')}</table>`

export function changeByPortal(account: StripeAccount, id: string, form: URLSearchParams): PageAnswer {
  const { customer } = account.act((state) => find(state.portals, id, 'billing_portal.session'))
  const subscription = form.get('subscription') ?? ''
  try {
    const action = form.get('action')
    if (action === 'card') account.useCard(customer, form.get('card') === 'declines' ? 'declines' : 'pays')
    if (action === 'plan') account.changePrice(subscription, form.get('price') ?? '')
    if (action === 'cancel' || action === 'resume')
      account.setCancelAtPeriodEnd(subscription, action === 'cancel')
  } catch (error) {
    if (error instanceof StripeFault) return portalPage(account, id, error.message)
    throw error
  }
  return { location: `/p/session/${id}` }
}

export function invoicePage(account: StripeAccount, id: string): PageAnswer {
  return account.act((state) => {
    const { status, total, currency, created, lines } = find(state.invoices, id, 'invoice')
    const rows = lines.data.map(
      ({ description, amount }) =>
        `<tr><td>${escaped(description)}</td><td>${money(amount, currency)}</td></tr>`,
    )
    const pay = status === 'open' ? button('Pay now', { action: 'pay' }) : ''
    const body = `<p>${money(total, currency)}, ${status}</p><table>${rows.join('')}</table>${pay}`
    return { status: 200, html: page(`Invoice of ${day(created)}`, body) }
  })
}

/** By whatever card the customer has now. */
export function payInvoice(account: StripeAccount, id: string): PageAnswer {
  account.payOpenInvoices(account.act((state) => find(state.invoices, id, 'invoice').customer))
  return { location: `/i/${id}` }
}
