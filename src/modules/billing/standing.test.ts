/** Every status of Stripe's, at every time. */
import { describe, expect, it } from 'vitest'

import { SUBSCRIPTION_STATUSES, type SubscriptionStatus } from '../../ports/stripe/port.ts'
import { grantsPlan, standingOf, type Judged } from './standing.ts'

const DAY_MS = 86_400_000
const BEGIN = new Date('2026-03-01T00:00:00Z')
const days = { banner: 7, frozen: 7, suspended: 30, removing: 14 }
const after = (count: number): Date => new Date(BEGIN.getTime() + count * DAY_MS)

const aSubscription = (status: SubscriptionStatus, given: Partial<Judged> = {}): Judged => ({
  status,
  unpaidSince: undefined,
  currentPeriodEnd: after(20),
  interval: 'month',
  ...given,
})

/** By day since the payment failed. */
const stagesOf = (subscription: Judged | undefined): string[] =>
  [0, 6.9, 7, 13.9, 14, 43.9, 44, 400].map((day) => standingOf(subscription, { now: after(day), days }).stage)

const FULL = Array.from({ length: 8 }, () => 'full')
const STEPS = ['banner', 'banner', 'frozen', 'frozen', 'suspended', 'suspended', 'removing', 'removing']

it.each(SUBSCRIPTION_STATUSES)('knows what %s means, with something owed and with nothing', (status) => {
  const owing = aSubscription(status, { unpaidSince: BEGIN })
  const owes = ['past_due', 'unpaid', 'canceled'].includes(status)
  expect(stagesOf(owing)).toEqual(owes ? STEPS : FULL)
  const isSubscribed = ['trialing', 'active', 'past_due', 'unpaid'].includes(status)
  expect(grantsPlan(owing)).toBe(isSubscribed)
})

it.each(['trialing', 'active', 'canceled', 'paused', 'incomplete', 'incomplete_expired'] as const)(
  'takes nothing from who owes nothing, with %s',
  (status) => expect(stagesOf(aSubscription(status))).toEqual(FULL),
)

it('never makes anything worse for who has no subscription', () => {
  expect(stagesOf(undefined)).toEqual(FULL)
  expect(grantsPlan(undefined)).toBe(false)
  expect(standingOf(undefined, { now: BEGIN, days })).toMatchObject({ next: undefined, why: undefined })
})

describe('a payment that failed', () => {
  const unpaid = aSubscription('past_due', { unpaidSince: BEGIN })

  it('says what comes next, and when', () => {
    const nexts = [0, 7, 14, 44].map((day) => standingOf(unpaid, { now: after(day), days }).next)
    expect(nexts).toEqual([
      { stage: 'frozen', at: after(7) },
      { stage: 'suspended', at: after(14) },
      { stage: 'removing', at: after(44) },
      { stage: 'removed', at: after(58) },
    ])
  })

  it('removes nothing that was not announced for as long as it is said', () => {
    const at = (day: number, announcedDay: number) =>
      standingOf(unpaid, { now: after(day), days, announcedAt: after(announcedDay) })
    expect(at(57, 44).stage).toBe('removing')
    expect(at(58, 44)).toMatchObject({ stage: 'removed', next: undefined })
    expect(at(400, 399)).toMatchObject({ stage: 'removing', next: { stage: 'removed', at: after(413) } })
    expect(standingOf(unpaid, { now: after(400), days }).next).toEqual({ stage: 'removed', at: after(414) })
  })

  it('is counted from the unpaid period where no invoice says since when', () => {
    const silent = aSubscription('past_due', { currentPeriodEnd: after(31) })
    expect(stagesOf(silent)).toEqual(STEPS)
    const unknown = aSubscription('past_due', { currentPeriodEnd: undefined })
    expect(new Set(stagesOf(unknown))).toEqual(new Set(['banner']))
  })

  it('passes over stages that last no day', () => {
    const hasty = { banner: 0, frozen: 0, suspended: 30, removing: 14 }
    expect(standingOf(unpaid, { now: BEGIN, days: hasty })).toMatchObject({
      stage: 'suspended',
      next: { stage: 'removing', at: after(30) },
    })
  })

  it('is announced from the beginning where the clock of Stripe is ahead', () => {
    expect(standingOf(unpaid, { now: after(-1), days })).toMatchObject({
      stage: 'banner',
      next: { stage: 'frozen', at: after(6) },
    })
  })
})
