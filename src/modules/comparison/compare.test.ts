import { expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import type { StripeSubscription } from '../../ports/stripe/port.ts'
import { compare, type Compared, type ComparedOrg } from './compare.ts'

const orgId = newId('org')
const org: ComparedOrg = {
  orgId,
  orgName: 'Ada and friends',
  planId: 'business',
  customerId: 'cus_1',
  mayNotRun: false,
  isBeingPushed: false,
  subscriptionId: 'sub_1',
  status: 'active',
  priceId: 'price_1',
  subscribedPlanId: 'business',
  ...{ deploymentsUsed: 1, deploymentsCounted: 1, membersUsed: 1, membersCounted: 1 },
  ...{ teamsUsed: 1, teamsCounted: 1, domainsUsed: 0, domainsCounted: 0 },
}
const subscription: StripeSubscription = {
  id: 'sub_1',
  customerId: 'cus_1',
  orgId,
  status: 'active',
  priceId: 'price_1',
  interval: 'month',
  currency: 'eur',
  createdAt: new Date(0),
  currentPeriodEnd: undefined,
  cancelAtPeriodEnd: false,
  cancelAt: undefined,
  endedAt: undefined,
  trialEnd: undefined,
  unpaidSince: undefined,
}
const agreeing: Compared = {
  orgs: [org],
  subscriptions: [subscription],
  running: [{ orgId, name: 'Shop', isSuspended: false, takes: true }],
  namespaces: [{ orgId, name: 'ns', plan: 'business' }],
  isBillingEnabled: true,
}
const found = (changes: Partial<Compared>) =>
  compare({ ...agreeing, ...changes }).map(({ kind, repair }) => [kind, repair.how])
const orgs = (changes: Partial<ComparedOrg>) => ({ orgs: [{ ...org, ...changes }] })
const stopped = { subscriptions: [], ...orgs({ mayNotRun: true, status: 'canceled', planId: 'business' }) }

it('finds nothing where all agree', () => {
  expect(found({})).toEqual([])
})

it.each<{ what: string; changes: Partial<Compared>; kinds: string[][] }>([
  {
    what: 'a subscription of an organisation that is not here',
    changes: { subscriptions: [subscription, { ...subscription, id: 'sub_2', customerId: 'cus_2' }] },
    kinds: [['SubscriptionOfNobody', 'cancel']],
  },
  {
    what: 'a second subscription',
    changes: { subscriptions: [subscription, { ...subscription, id: 'sub_2', createdAt: new Date(1) }] },
    kinds: [['SecondSubscription', 'fold']],
  },
  {
    what: 'another state',
    changes: { subscriptions: [{ ...subscription, status: 'past_due' }] },
    kinds: [['SubscriptionDiffers', 'fold']],
  },
  {
    what: 'another price',
    changes: { subscriptions: [{ ...subscription, priceId: 'price_2' }] },
    kinds: [['SubscriptionDiffers', 'fold']],
  },
  {
    what: 'a subscription that ended',
    changes: { subscriptions: [] },
    kinds: [['SubscriptionMissing', 'fold']],
  },
  {
    what: 'another plan',
    changes: { ...orgs({ planId: 'free' }), namespaces: [] },
    kinds: [['PlanDiffers', 'fold']],
  },
  {
    what: 'wrong counters',
    changes: orgs({ teamsCounted: 2 }),
    kinds: [['CountersDiffer', 'recount']],
  },
  { what: 'what is not stopped', changes: stopped, kinds: [['RunsWithoutRight', 'push']] },
  {
    what: 'pods of what is to be stopped',
    changes: { ...stopped, running: [{ orgId, name: 'Shop', isSuspended: true, takes: true }] },
    kinds: [['RunsWithoutRight', 'push']],
  },
  {
    what: 'a namespace of another plan',
    changes: { namespaces: [{ orgId, name: 'ns', plan: 'free' }] },
    kinds: [['QuotaOfAnotherPlan', 'push']],
  },
  {
    what: 'a namespace that is held although nobody pays here',
    changes: { isBillingEnabled: false, subscriptions: undefined },
    kinds: [['QuotaOfAnotherPlan', 'push']],
  },
])('finds $what, and says what mends it', ({ changes, kinds }) => {
  expect(found(changes)).toEqual(kinds)
})

it.each<{ what: string; changes: Partial<Compared> }>([
  {
    what: 'a subscription that names no organisation',
    changes: { subscriptions: [subscription, { ...subscription, customerId: 'cus_9', orgId: undefined }] },
  },
  {
    what: 'what is stopped and takes nothing',
    changes: { ...stopped, running: [{ orgId, name: 'Shop', isSuspended: true, takes: false }] },
  },
  {
    what: 'what is on its way to the cluster',
    changes: { ...stopped, orgs: [{ ...org, status: 'canceled', mayNotRun: true, isBeingPushed: true }] },
  },
  {
    what: 'a plan that was given by hand',
    changes: {
      subscriptions: [],
      ...orgs({ customerId: null, status: null, subscribedPlanId: null, subscriptionId: null }),
    },
  },
  { what: 'places at which nobody could look', changes: { subscriptions: undefined, running: undefined } },
])('says nothing of $what', ({ changes }) => {
  expect(found(changes)).toEqual([])
})
