import type { StripeAccount } from './account.ts'
import { StripeFault } from './fault.ts'
import { alert, CARDS, day, escaped, money, page } from './html.ts'
import { find } from './state.ts'

/** What a page answers with: HTML, or where to go next. */
export type PageAnswer = { readonly status: number; readonly html: string } | { readonly location: string }

/** The page on which somebody subscribes. */
export function checkoutPage(account: StripeAccount, id: string, problem?: string): PageAnswer {
  return account.act((state) => {
    const checkout = find(state.checkouts, id, 'checkout.session')
    const wish = find(state.checkoutWishes, id, 'checkout.session')
    if (checkout.status !== 'open') {
      const back = `<p><a href="${escaped(wish.cancelUrl ?? wish.successUrl)}">Return to Shipyard</a></p>`
      return { status: 410, html: page('This page is over', back) }
    }
    const price = find(state.prices, wish.priceId, 'price')
    const each = `${money(price.unit_amount, price.currency)} a ${price.recurring.interval}`
    const trialEnd = day(state.now + wish.trialDays * 86_400)
    const trial = wish.trialDays > 0 ? `<p>Free until ${trialEnd}, then ${each}.</p>` : `<p>${each}</p>`
    const form = `<form method="post">${CARDS}
<label>Promotion code <input name="code" autocomplete="off"></label>
<button>${wish.trialDays > 0 ? 'Start trial' : 'Subscribe'}</button>
</form>
<p><a href="${escaped(wish.cancelUrl ?? wish.successUrl)}">Back to Shipyard</a></p>`
    const html = page(`Subscribe to ${price.nickname ?? price.id}`, `${alert(problem)}${trial}${form}`)
    return { status: problem === undefined ? 200 : 402, html }
  })
}

/** Somebody pressed the button. */
export function payCheckout(account: StripeAccount, id: string, form: URLSearchParams): PageAnswer {
  const code = form.get('code')?.trim()
  try {
    account.completeCheckout(id, {
      card: form.get('card') === 'declines' ? 'declines' : 'pays',
      ...(code ? { promotionCode: code } : {}),
    })
  } catch (error) {
    if (error instanceof StripeFault) return checkoutPage(account, id, error.message)
    throw error
  }
  const { successUrl } = find(account.state.checkoutWishes, id, 'checkout.session')
  return { location: successUrl.replaceAll('{CHECKOUT_SESSION_ID}', id) }
}
