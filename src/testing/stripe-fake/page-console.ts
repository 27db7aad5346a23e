/** What only a stand-in can do: move the time, decline cards, go away. For people, and by the same forms for tests. */
import type { StripeAccount } from './account.ts'
import { button, day, escaped, page } from './html.ts'
import type { PageAnswer } from './page-checkout.ts'
import { StripeFault } from './fault.ts'
import type { Webhooks } from './webhooks.ts'

export interface Trouble {
  /** Nobody answers; its pages do. */
  isAway: boolean
  /** The next so many calls are carried out, and their answers are lost. */
  lostAnswers: number
}

export interface Controlled {
  readonly account: StripeAccount
  readonly trouble: Trouble
  webhooks: Webhooks | undefined
}

export function consolePage({ account, trouble, webhooks }: Controlled): PageAnswer {
  const now = account.now()
  const { customers, promotionCodes } = account.state
  const living = Object.values(customers).filter(({ deleted }) => !deleted)
  const people = living.map(
    ({ id, name, delinquent }) =>
      `<li>${escaped(name ?? id)} (${id})${delinquent ? ', owes something' : ''}
${button(`Decline the card of ${id}`, { action: 'card', customer: id, card: 'declines' })}
${button(`Take the card of ${id}`, { action: 'card', customer: id, card: 'pays' })}
${button(`Delete ${id}`, { action: 'delete', customer: id })}</li>`,
  )
  const codes = Object.keys(promotionCodes).map((code) => `<code>${escaped(code)}</code>`)
  const parts = [
    `<p>It is ${day(now.getTime() / 1000)} here.</p>`,
    button('A day later', { action: 'advance', days: '1' }),
    button('A month later', { action: 'advance', days: '31' }),
    button(trouble.isAway ? 'Come back' : 'Go away', { action: trouble.isAway ? 'come-back' : 'go-away' }),
    webhooks === undefined ? '' : `<p>Events are sent like this: ${webhooks.mode}.</p>`,
    codes.length === 0 ? '' : `<p>Promotion codes: ${codes.join(', ')}</p>`,
    people.length === 0
      ? '<p>There are no customers yet.</p>'
      : `<h2>Customers</h2><ul>${people.join('')}</ul>`,
  ]
  return { status: 200, html: page('Stripe, for one machine', parts.join('\n')) }
}

/** What {@link consolePage} and tests may ask for, by the name of the form's `action`. */
const ACTIONS: Readonly<Record<string, (controlled: Controlled, form: URLSearchParams) => void>> = {
  advance: ({ account }, form) => account.advanceDays(Number(form.get('days'))),
  'go-away': ({ trouble }) => void (trouble.isAway = true),
  'come-back': ({ trouble }) => void (trouble.isAway = false),
  'lose-answers': ({ trouble }, form) => void (trouble.lostAnswers = Number(form.get('count'))),
  card: ({ account }, form) =>
    account.useCard(form.get('customer') ?? '', form.get('card') === 'declines' ? 'declines' : 'pays'),
  pay: ({ account }, form) => account.payOpenInvoices(form.get('customer') ?? ''),
  delete: ({ account }, form) => account.deleteCustomer(form.get('customer') ?? ''),
  webhooks: ({ webhooks }, form) => {
    const mode = form.get('mode')
    if (webhooks && (mode === 'send' || mode === 'lose' || mode === 'repeat')) webhooks.mode = mode
  },
}

export function control(controlled: Controlled, form: URLSearchParams): PageAnswer {
  const name = form.get('action') ?? ''
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (!action) throw new StripeFault(400, { message: `There is no action ${name}.` })
  action(controlled, form)
  return { location: '/' }
}
