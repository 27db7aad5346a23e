/**
 * An account with Stripe in memory, for tests of what deals with Stripe: it has customers, prices, subscriptions, invoices
 * and a clock that can be moved, and notes the events that Stripe would send. What the server asks comes in by
 * {@link handle} (api.ts); what people do on Stripe's own pages, and what time does, is done by the functions of
 * {@link StripeAccount}.
 */
import type { Clock } from '../../ports/clock/port.ts'
import { completeCheckout, expireCheckout } from './checkouts.ts'
import { addPromotionCode } from './coupons.ts'
import { deleteCustomer, useCard, type CardKind } from './customers.ts'
import type { EventDoc, InvoiceDoc, PriceDoc, SubscriptionDoc } from './documents.ts'
import { openInvoices } from './invoices.ts'
import { addPrice, deletePrice, retirePrice, SEEDED_PRICES, type NewPrice } from './prices.ts'
import { emptyState, find, subscriptionsOf, type State } from './state.ts'
import { cancel, changePrice, setCancelAtPeriodEnd, startSubscription, type Wanted } from './subscriptions.ts'
import { passTime, retry } from './time.ts'

export interface StripeAccount {
  /** Everything that is remembered, as Stripe's own documents; to look at. */
  readonly state: State
  /** By the account's own clock. */
  now(): Date
  /** Time goes by until then: trials end, periods are renewed and charged, charges are tried again. Never goes back. */
  advanceTo(at: Date): void
  /** The same by a number of days; fractions are fine. */
  advanceDays(days: number): void

  /** A price in cents, in `usd` unless told. The four of {@link SEEDED_PRICES} are there from the beginning. */
  addPrice(price: NewPrice): PriceDoc
  retirePrice(priceId: string): void
  deletePrice(priceId: string): void
  /** A code that people type in Checkout: percent off, for ever. */
  addPromotionCode(code: string, percentOff: number): void

  /** A subscription without Checkout, as made in Stripe's dashboard; `card` is put on it first. */
  subscribe(wanted: Wanted & { readonly card?: CardKind }): SubscriptionDoc
  /** Somebody fills in the page of a checkout. @throws {StripeFault} declined, wrong code, over; nothing changes */
  completeCheckout(
    checkoutId: string,
    how?: { readonly card?: CardKind; readonly promotionCode?: string },
  ): SubscriptionDoc
  expireCheckout(checkoutId: string): void
  /** From now on all charges of the customer are paid, or declined. */
  useCard(customerId: string, kind: CardKind): void
  /** What is due is tried again now, as by the button on the invoice's page. */
  payOpenInvoices(customerId: string): void
  changePrice(subscriptionId: string, priceId: string): void
  setCancelAtPeriodEnd(subscriptionId: string, cancels: boolean): void
  cancelNow(subscriptionId: string): void
  /** Cancels everything that runs, too. */
  deleteCustomer(customerId: string): void
  /** What becomes of a subscription after the last try to be paid; `canceled` unless told. */
  setAfterRetries(status: State['afterRetries']): void

  /** Newest last. */
  subscriptionsOf(customerId: string): readonly SubscriptionDoc[]
  /** Newest last. */
  invoicesOf(customerId: string): readonly InvoiceDoc[]
  /** Everything that happened, newest last. */
  readonly events: readonly EventDoc[]
  /** Is told of each event, once it is noted. @returns how to stop */
  onEvent(listener: (event: EventDoc) => void): () => void
  /** Does something with the state at the present time, and tells of what happened. */
  act<Result>(action: (state: State) => Result): Result
}

export interface AccountOptions {
  /** Runs on by this clock; moving the account's time moves it away from it. */
  readonly clock: Clock
  /** What was remembered before; a new account otherwise. */
  readonly state?: State
  readonly pagesUrl?: string
}

export function createStripeAccount({
  clock,
  pagesUrl = 'https://stripe.test',
  state = newState(seconds(clock), pagesUrl),
}: AccountOptions): StripeAccount {
  state.pagesUrl = pagesUrl
  const listeners = new Set<(event: EventDoc) => void>()
  let ahead = Math.max(0, state.now - seconds(clock))
  let told = state.events.length
  const tell = (): void => {
    while (told < state.events.length) {
      const event = state.events[told]
      // A listener may ask for the time, and so come by here again.
      told += 1
      if (event) for (const listener of listeners) listener(event)
    }
  }
  const act = <Result>(action: (state: State) => Result): Result => {
    passTime(state, Math.max(state.now, seconds(clock) + ahead))
    try {
      return action(state)
    } finally {
      tell()
    }
  }
  const advanceTo = (at: Date): void => {
    ahead = Math.max(ahead, Math.floor(at.getTime() / 1000) - seconds(clock))
    act(() => undefined)
  }
  const now = (): Date => new Date(act(() => state.now) * 1000)
  return {
    ...actionsOn(act),
    state,
    now,
    advanceTo,
    advanceDays: (days) => advanceTo(new Date(now().getTime() + days * 86_400_000)),
    events: state.events,
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    act,
  }
}

const seconds = (clock: Clock): number => Math.floor(clock.nowMs() / 1000)

function newState(now: number, pagesUrl: string): State {
  const state = emptyState(now, pagesUrl)
  for (const price of SEEDED_PRICES) addPrice(state, price)
  state.events.length = 0
  return state
}

type Actions = Omit<
  StripeAccount,
  'state' | 'now' | 'advanceTo' | 'advanceDays' | 'events' | 'onEvent' | 'act'
>

function actionsOn(act: StripeAccount['act']): Actions {
  const onSubscription = (id: string, action: (state: State, subscription: SubscriptionDoc) => void): void =>
    act((state) => action(state, find(state.subscriptions, id, 'subscription')))
  return {
    addPrice: (price) => act((state) => addPrice(state, price)),
    retirePrice: (id) => act((state) => retirePrice(state, id)),
    deletePrice: (id) => act((state) => deletePrice(state, id)),
    addPromotionCode: (code, percentOff) => void act((state) => addPromotionCode(state, code, percentOff)),
    subscribe: ({ card = 'pays', ...wanted }) =>
      act((state) => {
        useCard(state, wanted.customerId, card)
        return startSubscription(state, wanted)
      }),
    completeCheckout: (id, how) =>
      act((state) => {
        const { subscription } = completeCheckout(state, id, how)
        return find(state.subscriptions, subscription ?? '', 'subscription')
      }),
    expireCheckout: (id) => void act((state) => expireCheckout(state, id)),
    useCard: (customerId, kind) => act((state) => useCard(state, customerId, kind)),
    payOpenInvoices: (customerId) =>
      act((state) => {
        for (const invoice of openInvoices(state, customerId)) retry(state, invoice)
      }),
    changePrice: (id, priceId) =>
      onSubscription(id, (state, it) => changePrice(state, it, { priceId, prorationAt: state.now })),
    setCancelAtPeriodEnd: (id, cancels) =>
      onSubscription(id, (state, it) => setCancelAtPeriodEnd(state, it, cancels)),
    cancelNow: (id) => onSubscription(id, (state, it) => cancel(state, it)),
    deleteCustomer: (id) => act((state) => deleteCustomer(state, id)),
    setAfterRetries: (status) => act((state) => void (state.afterRetries = status)),
    subscriptionsOf: (id) => act((state) => subscriptionsOf(state, id)),
    invoicesOf: (id) => act((state) => Object.values(state.invoices).filter((each) => each.customer === id)),
  }
}
