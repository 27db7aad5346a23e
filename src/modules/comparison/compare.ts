/** Holds Stripe, the rows and the cluster against each other. Pure. */
import { planOf } from '../../contract/tiers.ts'
import type { OrgId } from '../../contract/ids.ts'
import type { StripeSubscription, SubscriptionStatus } from '../../ports/stripe/port.ts'
import { foldSubscriptions, isAlive } from '../billing/fold-subscriptions.ts'
import { grantsPlan } from '../billing/standing.ts'
import { DIFFERENCES, type Difference, type DifferenceKind, type Repair } from './schema.ts'

export interface ComparedOrg {
  readonly orgId: OrgId
  readonly orgName: string
  readonly planId: string
  readonly customerId: string | null
  /** Suspended, stopped by its budget, or not paid. */
  readonly mayNotRun: boolean
  /** A change is on its way to the cluster: what is there now says nothing. */
  readonly isBeingPushed: boolean
  readonly subscriptionId: string | null
  readonly status: string | null
  readonly priceId: string | null
  readonly subscribedPlanId: string | null
  readonly deploymentsUsed: number
  readonly deploymentsCounted: number
  readonly membersUsed: number
  readonly membersCounted: number
  readonly teamsUsed: number
  readonly teamsCounted: number
  readonly domainsUsed: number
  readonly domainsCounted: number
}

export interface Running {
  readonly orgId: string
  readonly name: string
  /** It is to run no pods. */
  readonly isSuspended: boolean
  /** It asks for more than storage. */
  readonly takes: boolean
}

export interface HeldNamespace {
  readonly orgId: string
  readonly name: string
  readonly plan: string
}

export interface Compared {
  readonly orgs: readonly ComparedOrg[]
  /** Those that live. Undefined: nobody could look, or nothing is paid here. */
  readonly subscriptions: readonly StripeSubscription[] | undefined
  /** Undefined: nobody could look. */
  readonly running: readonly Running[] | undefined
  readonly namespaces: readonly HeldNamespace[] | undefined
  /** Where nobody pays, every namespace is held to the largest plan. */
  readonly isBillingEnabled: boolean
}

export function compare(compared: Compared): Difference[] {
  return [...ofStripe(compared), ...ofCounters(compared), ...ofCluster(compared)]
}

const difference = (
  kind: DifferenceKind,
  name: string,
  rest: { detail: string; repair: Repair },
): Difference => ({
  kind,
  name,
  sentence: DIFFERENCES[kind],
  ...rest,
})

function ofStripe({ orgs, subscriptions }: Compared): Difference[] {
  if (!subscriptions) return []
  const customers = new Map(orgs.map((org) => [org.customerId, org]))
  const byCustomer = Map.groupBy(subscriptions, ({ customerId }) => customerId)
  const strangers = subscriptions
    // An account may sell other things too: only what names an organisation is ours.
    .filter(({ customerId, orgId }) => orgId !== undefined && !customers.has(customerId))
    .map(({ id, customerId, orgId, status }) =>
      difference('SubscriptionOfNobody', orgId ?? customerId, {
        detail: `${id} is ${status}`,
        repair: { how: 'cancel', customerId, subscriptionId: id },
      }),
    )
  return [
    ...strangers,
    ...orgs.flatMap((org) => ofSubscription(org, byCustomer.get(org.customerId ?? '') ?? [])),
  ]
}

function ofSubscription(org: ComparedOrg, living: readonly StripeSubscription[]): Difference[] {
  const { orgName, customerId, subscriptionId, status, priceId } = org
  if (customerId === null) return []
  const repair: Repair = { how: 'fold', customerId }
  const found: Difference[] = []
  const add = (kind: DifferenceKind, detail: string): unknown =>
    found.push(difference(kind, orgName, { detail, repair }))
  const { row: truth, surplus } = foldSubscriptions(living)
  for (const { id } of surplus) add('SecondSubscription', `${id} besides the one that counts`)
  const written = wordsOf(subscriptionId, status, priceId)
  const said = truth && wordsOf(truth.id, truth.status, truth.priceId)
  if (said === undefined) {
    if (isWrittenAlive(org)) add('SubscriptionMissing', `here: ${written}`)
  } else if (written !== said) add('SubscriptionDiffers', `Stripe: ${said}; here: ${written}`)
  const plan = givenBy(org)
  if (plan !== undefined && plan !== org.planId)
    add('PlanDiffers', `it has ${org.planId}, and pays for ${plan}`)
  return found
}

const wordsOf = (...words: (string | null | undefined)[]): string =>
  words.filter((word) => word !== null && word !== undefined).join(' ') || 'none'

const isWrittenAlive = ({ status }: ComparedOrg): boolean =>
  status !== null && isAlive({ status: status as SubscriptionStatus })

/** The plan that the row of a subscription gives; undefined: none does, and somebody may have given one by hand. */
function givenBy({ status, subscribedPlanId }: ComparedOrg): string | undefined {
  if (status === null || subscribedPlanId === null) return undefined
  const judged = { unpaidSince: undefined, currentPeriodEnd: undefined, interval: undefined }
  return grantsPlan({ status: status as SubscriptionStatus, ...judged }) ? subscribedPlanId : undefined
}

function ofCounters({ orgs }: Compared): Difference[] {
  return orgs.flatMap((org) => {
    const counters = [
      ['deployments', org.deploymentsUsed, org.deploymentsCounted],
      ['members', org.membersUsed, org.membersCounted],
      ['teams', org.teamsUsed, org.teamsCounted],
      ['host names', org.domainsUsed, org.domainsCounted],
    ] as const
    const wrong = counters.filter(([, used, counted]) => used !== counted)
    if (wrong.length === 0) return []
    const detail = wrong.map(([what, used, counted]) => `${what}: ${used}, counted ${counted}`).join('; ')
    return [
      difference('CountersDiffer', org.orgName, { detail, repair: { how: 'recount', orgId: org.orgId } }),
    ]
  })
}

function ofCluster({ orgs, running = [], namespaces = [], isBillingEnabled }: Compared): Difference[] {
  const settled = new Map<string, ComparedOrg>(
    orgs.filter(({ isBeingPushed }) => !isBeingPushed).map((org) => [org.orgId, org]),
  )
  const stray = running.flatMap(({ orgId, name, isSuspended, takes }) => {
    const org = settled.get(orgId)
    if (!org?.mayNotRun || (isSuspended && !takes)) return []
    const detail = isSuspended ? `${name} is to be stopped, and its pods run` : `${name} is not stopped`
    return [
      difference('RunsWithoutRight', org.orgName, { detail, repair: { how: 'push', orgId: org.orgId } }),
    ]
  })
  const misheld = namespaces.flatMap(({ orgId, name, plan }) => {
    const org = settled.get(orgId)
    const wanted = isBillingEnabled ? planOf(org?.planId ?? '') : 'enterprise'
    if (!org || plan === wanted) return []
    const detail = `${name} is held to ${plan}, and the plan is ${wanted}`
    return [
      difference('QuotaOfAnotherPlan', org.orgName, { detail, repair: { how: 'push', orgId: org.orgId } }),
    ]
  })
  return [...stray, ...misheld]
}
