/** What Stripe does by itself when time goes by. */
import type { InvoiceDoc } from './documents.ts'
import { expireCheckout } from './checkouts.ts'
import { subscriptionOf, tryToPay } from './invoices.ts'
import { HOUR } from './periods.ts'
import { hasEnded, type State } from './state.ts'
import { cancel, end, renew, setStatus } from './subscriptions.ts'

interface Step {
  readonly at: number
  run(): void
}

/** How long a first payment may take. Source: https://docs.stripe.com/billing/subscriptions/overview */
const INCOMPLETE_SECONDS = 23 * HOUR

/** Does everything that is due until then, in the order of time. */
export function passTime(state: State, until: number): void {
  for (;;) {
    const due = stepsOf(state).filter(({ at }) => at <= until)
    const [next] = due.toSorted((a, b) => a.at - b.at)
    if (!next) break
    state.now = Math.max(state.now, next.at)
    next.run()
  }
  state.now = Math.max(state.now, until)
}

const stepsOf = (state: State): Step[] => [...renewals(state), ...retries(state), ...expiries(state)]

const renewals = (state: State): Step[] =>
  Object.values(state.subscriptions).flatMap((subscription) => {
    const { status, created, items } = subscription
    if (hasEnded(subscription) || status === 'paused') return []
    if (status === 'incomplete')
      return [{ at: created + INCOMPLETE_SECONDS, run: () => end(state, subscription) }]
    return [{ at: items.data[0].current_period_end, run: () => renew(state, subscription) }]
  })

const retries = (state: State): Step[] =>
  Object.values(state.invoices).flatMap((invoice) =>
    invoice.status === 'open' && invoice.next_payment_attempt !== null && isOfLife(state, invoice)
      ? [{ at: invoice.next_payment_attempt, run: () => retry(state, invoice) }]
      : [],
  )

/** What has ended is not charged any more. */
const isOfLife = (state: State, invoice: InvoiceDoc): boolean =>
  ['past_due', 'active'].includes(subscriptionOf(state, invoice).status)

const expiries = (state: State): Step[] =>
  Object.values(state.checkouts).flatMap((checkout) =>
    checkout.status === 'open'
      ? [{ at: checkout.expires_at, run: () => expireCheckout(state, checkout.id) }]
      : [],
  )

/** An invoice that is due is tried; what it is for is good again, or is given up after the last try. */
export function retry(state: State, invoice: InvoiceDoc): void {
  const subscription = subscriptionOf(state, invoice)
  if (tryToPay(state, invoice)) {
    const isStillDue = Object.values(state.invoices).some(
      (other) => other.status === 'open' && subscriptionOf(state, other) === subscription,
    )
    if (!isStillDue && ['past_due', 'unpaid', 'incomplete'].includes(subscription.status))
      setStatus(state, subscription, 'active')
    return
  }
  if (invoice.next_payment_attempt !== null || subscription.status !== 'past_due') return
  if (state.afterRetries === 'canceled') cancel(state, subscription)
  else setStatus(state, subscription, state.afterRetries)
}
