/** Lives through a stream of happenings with two servers on one database, and says how it ends. */
import type pg from 'pg'

import { fail } from '../../../errors.ts'
import type { StripeEventNotice } from '../../../ports/stripe/port.ts'
import type { Happening } from './streams.ts'
import { happensAtStripe } from './streams.ts'
import type { Deps } from '../../deps.ts'
import type { Clock } from '../../../ports/clock/port.ts'
import { manualClock } from '../../../ports/clock/fake.ts'
import { createFakeStripe, type FakeStripe } from '../../../testing/stripe-fake/fake-stripe.ts'
import type { World } from '../../../testing/world.ts'
import { fetchMissedEvents } from '../fetch-missed-events.ts'
import { receiveEvents } from '../receive-events.ts'
import { settleStandings } from '../settle-standings.ts'
import { workInbox } from '../work-inbox.ts'
import type { Account } from './account.ts'

export interface Run {
  readonly stripe: FakeStripe
  readonly customerId: string
  /** What events say in the order in which they happened, told anew to an organisation that knows nothing. */
  retell(to: Account): Promise<void>
}

const DAY_MS = 86_400_000
const { signal } = new AbortController()

/** Where streams are lived through, one after the other. */
export interface Lane {
  readonly world: World
  /** For what is not under test: thousands of streams begin anew by it. */
  readonly client: pg.Client
}

/** The organisation begins anew, as the customer of an account of its own. */
export async function liveThrough(lane: Lane, own: Account, stream: readonly Happening[]): Promise<Run> {
  const { world, client } = lane
  const clock = manualClock()
  const stripe = aStripe(clock)
  const deps: Deps & { stripe: FakeStripe } = { ...world.deps, clock, stripe }
  const { account } = stripe
  const asked = { key: 'a', orgId: own.orgId, name: 'A', email: 'a@example.com' }
  const { id: customerId } = await stripe.createCustomer(asked)
  await beginAnew(lane, own, customerId)
  await fetchMissedEvents(deps, signal)

  const underWay = new Set<Promise<unknown>>()
  const work = async (worker: string): Promise<unknown> =>
    workInbox(deps, { worker, signal, onFailure: () => undefined })
  const quiet = async (): Promise<void> => {
    await Promise.all(underWay)
    underWay.clear()
  }
  const tell = async ({ which, times }: Extract<Happening, { is: 'told' }>): Promise<void> => {
    const notice = noticesOf(stripe)[which % account.events.length]
    for (let time = 0; time < times; time++) await receiveEvents(deps, notice ? [notice] : [], 'webhook')
  }
  for (const it of stream) {
    if (happensAtStripe(account, customerId, it)) continue
    if (it.is === 'days') clock.advance(it.count * DAY_MS)
    else if (it.is === 'told') await tell(it)
    else if (it.is === 'worked') underWay.add(work(it.by))
    else if (it.is === 'away') stripe.isAway = it.isAway
    else if (it.is === 'quiet') await quiet()
    else if (it.is === 'listed') await fetchMissedEvents(deps, signal).catch(() => 0)
  }
  await quiet()
  // Time goes by: Stripe is there again, what was lost is listed, and pauses after failures are over.
  stripe.isAway = false
  const settle = async (): Promise<void> => {
    await fetchMissedEvents(deps, signal)
    await client.query("UPDATE stripe_events SET process_after = 'epoch' WHERE processed_at IS NULL")
    await settleStandings(deps, signal)
    await work('one')
  }
  const before = noticesOf(stripe).length
  await settle()
  // What a fold has cancelled is told by an event of its own.
  if (noticesOf(stripe).length > before) await settle()
  return {
    stripe,
    customerId,
    async retell(to) {
      await beginAnew(lane, to, customerId)
      for (const part of inParts(noticesOf(stripe))) {
        await receiveEvents(deps, part, 'webhook')
        await work('two')
      }
    },
  }
}

/** By how many calls months of events are listed is the adapter's own matter. */
function aStripe(clock: Clock): FakeStripe {
  const stripe = createFakeStripe(clock)
  const listEvents = (since: Date): AsyncIterable<StripeEventNotice> => listed(stripe, since)
  return Object.assign(stripe, { listEvents })
}

async function* listed(stripe: FakeStripe, since: Date): AsyncGenerator<StripeEventNotice> {
  if (stripe.isAway) fail('STRIPE_UNAVAILABLE', {})
  for (const notice of noticesOf(stripe)) if (notice.createdAt >= since) yield notice
}

/** In order: what was first, and what came then. */
function inParts(notices: readonly StripeEventNotice[]): StripeEventNotice[][] {
  const middle = Math.floor(notices.length / 2)
  return [notices.slice(0, middle), notices.slice(middle)]
}

const read = new WeakMap<FakeStripe, StripeEventNotice[]>()

/** What has happened so far, oldest first, as signed and read; each once, for it is told many times. */
function noticesOf(stripe: FakeStripe): readonly StripeEventNotice[] {
  const notices = read.get(stripe) ?? []
  // What time has brought by itself is there by the asking.
  stripe.account.now()
  read.set(stripe, notices)
  for (const event of stripe.account.events.slice(notices.length))
    notices.push(stripe.readWebhook(stripe.webhook(event)))
  return notices
}

/** By one message, for it is most of what such a stream would cost. */
async function beginAnew({ client }: Lane, { orgId }: Account, customerId: string): Promise<void> {
  await client.query(`
    DELETE FROM stripe_events;
    DELETE FROM stripe_listings;
    DELETE FROM subscriptions;
    UPDATE organizations SET stripe_customer_id = NULL WHERE stripe_customer_id IS NOT NULL;
    UPDATE organizations SET
        plan_id = 'free', billing_stage = 'full', billing_next_stage = NULL, billing_next_at = NULL,
        billing_why = NULL, stripe_customer_id = ${client.escapeLiteral(customerId)}
    WHERE id = ${client.escapeLiteral(orgId)}`)
}
