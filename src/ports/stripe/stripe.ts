/** Stripe, by its own package: the only room that knows it. See docs/decisions/043. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Stripe } from 'stripe'

import type { Clock } from '../clock/port.ts'
import { changesOn } from './changes.ts'
import { checkoutsOn } from './checkouts.ts'
import { called, isMissing, refuse } from './errors.ts'
import { customerOf, idOf, invoiceOf, ORG_KEY, paymentMethodOf, priceOf } from './from-stripe.ts'
import { noticeOf, webhookReader } from './notices.ts'
import type { StripePort, StripePrice } from './port.ts'
import { listed, PAGE, subscriptionsOn } from './subscriptions.ts'
import { fetchCarrier, httpClientOf, type Carrier } from './transport.ts'

/** Read each time where it is a file, so that it can be changed without a restart. */
type Secret = { readonly value: string } | { readonly file: string }

export interface StripeOptions {
  readonly secretKey: Secret
  /** Two of them, separated by a comma, while one takes the place of the other. */
  readonly webhookSecret: Secret
  /** Where Stripe answers, when it is not Stripe. */
  readonly apiUrl?: string | undefined
  readonly clock: Clock
  /** How long one try of a call may take, its body included; default 8 s. */
  readonly timeoutMs?: number
  /** How often a call is tried again that was not answered, or answered with "later"; default 1. */
  readonly retries?: number
  /** How requests travel; default `fetch`. */
  readonly carrier?: Carrier
}

/** What the types of the package are of. Another version is another release of Shipyard. */
const API_VERSION = '2026-10-28.endive'

const INVOICES_SHOWN = 24

/** Events are listed by spans of time, because Stripe lists the newest first. */
const SPAN_MS = 6 * 3_600_000
/** Stripe keeps them for 30 days. */
const KEPT_MS = 31 * 24 * 3_600_000

export function createStripe(options: StripeOptions): StripePort {
  const { clock, webhookSecret } = options
  const stripe = clientOf(options)
  const nowMs = (): number => clock.nowMs()
  const secrets = (): readonly string[] =>
    textNow(webhookSecret)
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean)
  // https://docs.stripe.com/keys
  const isLive = (): boolean => /^[rs]k_live_/.test(textNow(options.secretKey))
  return {
    ...customersOn(stripe),
    ...checkoutsOn(stripe),
    ...subscriptionsOn(stripe),
    ...changesOn(stripe),
    ...papersOn(stripe),
    listEvents: (since) => eventsSince(stripe, since, nowMs),
    readWebhook: webhookReader({ secrets, isLive, nowMs }),
    async reportUsage({ key, eventName, customerId, value, at }) {
      const event = {
        event_name: eventName,
        identifier: key,
        timestamp: Math.floor(at.getTime() / 1000),
        payload: { stripe_customer_id: customerId, value: String(value) },
      }
      try {
        await stripe.billing.meterEvents.create(event, { idempotencyKey: key })
      } catch (error) {
        // It was counted before: Stripe keeps identifiers for at least a day, keys of requests are forgotten sooner.
        if (!(error instanceof Error && error.message.includes('already exists with identifier')))
          refuse(error)
      }
    },
  }
}

function clientOf(options: StripeOptions): Stripe {
  const { secretKey, apiUrl, timeoutMs = 8_000, retries = 1, carrier = fetchCarrier } = options
  const key = async (): Promise<string> =>
    'file' in secretKey ? (await readFile(secretKey.file, 'utf8')).trim() : secretKey.value
  return new Stripe('', {
    ...addressOf(apiUrl),
    // The package never answers where this throws, so the key is shown by the client below.
    authenticator: async () => undefined,
    apiVersion: API_VERSION,
    timeout: timeoutMs,
    maxNetworkRetries: retries,
    telemetry: false,
    httpClient: httpClientOf(carrier, key),
  })
}

function addressOf(apiUrl: string | undefined) {
  if (apiUrl === undefined) return {}
  const { hostname, port, protocol } = new URL(apiUrl)
  const isPlain = protocol === 'http:'
  return {
    host: hostname,
    port: port === '' ? (isPlain ? 80 : 443) : Number(port),
    protocol: isPlain ? 'http' : 'https',
  } as const
}

const textNow = (secret: Secret): string =>
  'file' in secret ? readFileSync(secret.file, 'utf8') : secret.value

type Customers = Pick<StripePort, 'createCustomer' | 'findCustomer' | 'listCustomers'>

const customersOn = (stripe: Stripe): Customers => ({
  async createCustomer({ key, orgId, name, email }) {
    const wanted = { name, email, metadata: { [ORG_KEY]: orgId } }
    return customerOf(await called(stripe.customers.create(wanted, { idempotencyKey: key })))
  },
  async findCustomer(id) {
    const customer = await unlessMissing(stripe.customers.retrieve(id))
    return customer && customerOf(customer)
  },
  async *listCustomers() {
    for await (const each of listed(stripe.customers.list({ limit: PAGE }))) yield customerOf(each)
  },
})

type Papers = Pick<StripePort, 'findPrices' | 'listInvoices' | 'listPaymentMethods'>

const papersOn = (stripe: Stripe): Papers => ({
  async findPrices(ids) {
    const find = async (id: string): Promise<StripePrice | undefined> => {
      const price = await unlessMissing(stripe.prices.retrieve(id))
      return price && priceOf(price)
    }
    const found = await Promise.all([...new Set(ids)].map(find))
    return found.filter((price) => price !== undefined)
  },
  async listInvoices(customer) {
    const { data } = await called(stripe.invoices.list({ customer, limit: INVOICES_SHOWN }))
    return data.map(invoiceOf)
  },
  async listPaymentMethods(id) {
    const [customer, methods, subscriptions] = await called(
      Promise.all([
        stripe.customers.retrieve(id),
        stripe.customers.listPaymentMethods(id, { limit: PAGE }),
        stripe.subscriptions.list({ customer: id, limit: PAGE }),
      ]),
    )
    // What Checkout took is the subscription's; the customer's own counts where a subscription has none.
    const ofCustomer = customer.deleted ? null : customer.invoice_settings.default_payment_method
    const used = subscriptions.data.map((each) => each.default_payment_method ?? ofCustomer)
    const defaults = used.length === 0 ? [ofCustomer] : used
    const isDefault = (method: string): boolean =>
      defaults.some((each) => each !== null && idOf(each) === method)
    return methods.data.map((each) => paymentMethodOf(each, isDefault(each.id)))
  },
})

/** @throws {AppError} when it is not there for another reason than that it is not there */
async function unlessMissing<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call
  } catch (error) {
    return isMissing(error) ? undefined : refuse(error)
  }
}

/** Span by span, so that no more than a few hours of events are in memory at once. */
async function* eventsSince(stripe: Stripe, since: Date, nowMs: () => number) {
  const oldest = nowMs() - KEPT_MS
  for (let from = Math.max(since.getTime(), oldest); ; from += SPAN_MS) {
    const isLast = from + SPAN_MS > nowMs()
    const gte = Math.floor(from / 1000)
    const created = isLast ? { gte } : { gte, lt: Math.floor((from + SPAN_MS) / 1000) }
    const newestFirst: Stripe.Event[] = []
    for await (const event of listed(stripe.events.list({ created, limit: PAGE }))) newestFirst.push(event)
    for (const event of newestFirst.toReversed()) yield noticeOf(event)
    if (isLast) return
  }
}
