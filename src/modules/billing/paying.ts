/** What the use-cases about paying share: who pays, for what price, and what is written down of it. */
import type { PlanTerms } from '../../contract/tiers.ts'
import { fail } from '../../errors.ts'
import type { BillingInterval, StripePort, StripePrice } from '../../ports/stripe/port.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { priceList } from './price-list.ts'
import { findBilling, noteBillingRow, type BillingRow } from './store.ts'

export type Needed = Pick<Deps, 'db' | 'stripe' | 'clock' | 'settings'>

/** @throws {AppError} BILLING_OFF */
export const stripeOf = ({ stripe }: Pick<Needed, 'stripe'>): StripePort => stripe ?? fail('BILLING_OFF', {})

interface Wanted {
  readonly plan: 'business' | 'enterprise'
  readonly interval: BillingInterval
}

/** @throws {AppError} PRICE_MISSING, STRIPE_UNAVAILABLE */
export async function priceOf(deps: Needed, { plan, interval }: Wanted): Promise<StripePrice> {
  const { plans } = deps.settings
  const terms: PlanTerms = plans[plan]
  const priceId = terms.prices[interval]
  const prices = await priceList({ stripe: stripeOf(deps), clock: deps.clock, plans })
  const price = priceId === undefined ? undefined : prices.get(priceId)
  return price ?? fail('PRICE_MISSING', { plan: terms.name, interval })
}

export interface Subscriber extends BillingRow {
  readonly stripeCustomerId: string
}

/** @throws {AppError} NOT_FOUND, NOT_SUBSCRIBED: nobody of it ever was at Stripe */
export async function customerOf({ db }: Pick<Needed, 'db'>, { scope }: Caller): Promise<Subscriber> {
  const row = await findBilling(db, scope.orgId)
  const { stripeCustomerId } = row
  return stripeCustomerId === null ? fail('NOT_SUBSCRIBED', {}) : { ...row, stripeCustomerId }
}

const ENDED: readonly (string | null)[] = [null, 'canceled', 'incomplete_expired', 'incomplete']

/** @throws {AppError} NOT_FOUND, NOT_SUBSCRIBED */
export const subscriptionIdOf = async (deps: Pick<Needed, 'db'>, caller: Caller): Promise<string> =>
  subscriptionIn(await customerOf(deps, caller))

function subscriptionIn({ subscriptionId, status }: Subscriber): string {
  return subscriptionId === null || ENDED.includes(status) ? fail('NOT_SUBSCRIBED', {}) : subscriptionId
}

/**
 * What is paid now, and the price that is wanted for it.
 *
 * @throws {AppError} as `priceOf`; NOT_FOUND, NOT_SUBSCRIBED, CURRENCY_DIFFERS
 */
export async function changeOf(
  deps: Needed,
  caller: Caller,
  wanted: Wanted,
): Promise<{ readonly subscriptionId: string; readonly priceId: string }> {
  const price = await priceOf(deps, wanted)
  const row = await customerOf(deps, caller)
  const subscriptionId = subscriptionIn(row)
  refuseOtherCurrency(deps, { wanted, price, paid: [row.currency] })
  return { subscriptionId, priceId: price.id }
}

interface Sale {
  readonly wanted: Wanted
  readonly price: StripePrice
  /** Currencies that the customer has paid in. */
  readonly paid: readonly (string | null)[]
}

/** Stripe mixes no currencies of one customer, and does not say what to do. @throws {AppError} CURRENCY_DIFFERS */
export function refuseOtherCurrency({ settings }: Needed, { wanted, price, ...sale }: Sale): void {
  const other = sale.paid.find((each) => each !== null && each !== '' && each !== price.currency)
  if (!other) return
  const [sold, paid] = [price.currency.toUpperCase(), other.toUpperCase()]
  fail('CURRENCY_DIFFERS', { plan: settings.plans[wanted.plan].name, sold, paid })
}

type Did = 'checkout' | 'portal' | 'change' | 'cancel' | 'resume'

interface Noted {
  readonly did: Did
  readonly plan?: string
  readonly interval?: string
  /** A new one, or the one that is known. */
  readonly customerId?: string
  /** Whose turn ends. */
  readonly claimedBy?: string
}

/** @throws {AppError} NOT_FOUND: the organisation was deleted meanwhile */
export async function note({ db }: Pick<Needed, 'db'>, caller: Caller, noted: Noted): Promise<void> {
  const { did, plan = null, interval = null, customerId = null, claimedBy = '' } = noted
  const { orgId } = caller.scope
  const detail = { did, plan, interval }
  const isThere = await noteBillingRow(db, { ...auditOf(caller), orgId, customerId, claimedBy, detail })
  if (!isThere) fail('NOT_FOUND', { what: 'organisation' })
}
