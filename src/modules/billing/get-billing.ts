/** What an owner sees of paying. Stripe may be away: then it is what was last known, without prices. */
import { isAppError } from '../../errors.ts'
import { planOf, PLANS, type Plan, type PlanTerms } from '../../contract/tiers.ts'
import type { StripePrice } from '../../ports/stripe/port.ts'
import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import { foldCustomer, withStripe } from './fold-customer.ts'
import { priceList } from './price-list.ts'
import type { Billing, GetBilling, KeptDeployments, PlanOffer } from './schema.ts'
import { findBilling, listKept, type BillingRow } from './store.ts'

type Needed = Pick<Deps, 'db' | 'stripe' | 'clock' | 'settings' | 'mail' | 'pushes' | 'effects'>

export async function getBilling(
  deps: Needed,
  { scope }: Caller,
  { isFresh = false }: GetBilling,
): Promise<Billing> {
  const known = await findBilling(deps.db, scope.orgId)
  const row = isFresh && (await foldNow(deps, known)) ? await findBilling(deps.db, scope.orgId) : known
  const prices = await pricesOf(deps)
  return viewOf(deps, row, prices)
}

/** @returns whether anything was asked of Stripe; what cannot be asked now, its events bring later */
async function foldNow(deps: Needed, { stripeCustomerId }: BillingRow): Promise<boolean> {
  const asking = withStripe(deps)
  if (!asking || stripeCustomerId === null) return false
  try {
    await foldCustomer(asking, stripeCustomerId)
    return true
  } catch (error) {
    if (isAppError(error, 'STRIPE_UNAVAILABLE', 'STRIPE_REFUSED')) return false
    throw error
  }
}

async function pricesOf({
  stripe,
  clock,
  settings,
}: Needed): Promise<ReadonlyMap<string, StripePrice> | undefined> {
  if (!stripe) return undefined
  try {
    return await priceList({ stripe, clock, plans: settings.plans })
  } catch (error) {
    if (isAppError(error, 'STRIPE_UNAVAILABLE', 'STRIPE_REFUSED')) return undefined
    throw error
  }
}

const HAS_ENDED: readonly (string | null)[] = [null, 'canceled', 'incomplete_expired']

function viewOf(
  { settings }: Pick<Needed, 'settings'>,
  row: BillingRow,
  prices: ReadonlyMap<string, StripePrice> | undefined,
): Billing {
  const quota = (used: number, limit: number | null) => ({
    used,
    limit: settings.isBillingEnabled ? limit : null,
  })
  return {
    plan: planOf(row.planId),
    isChosen: row.planChosenAt !== null || row.subscriptionId !== null,
    standing: {
      stage: row.billingStage,
      since: row.billingStageSince.toISOString(),
      next:
        row.billingNextStage === null || row.billingNextAt === null
          ? null
          : { stage: row.billingNextStage, at: row.billingNextAt.toISOString() },
      why: row.billingWhy,
    },
    subscription: HAS_ENDED.includes(row.status) ? null : subscriptionOf(row),
    isCustomer: row.stripeCustomerId !== null,
    used: {
      deployments: quota(row.deploymentsUsed, row.deploymentsLimit),
      members: quota(row.membersUsed, row.membersLimit),
      teams: quota(row.teamsUsed, row.teamsLimit),
      customDomains: quota(row.domainsUsed, row.domainsLimit),
    },
    offers: PLANS.map((plan) => offerOf(plan, settings.plans[plan], prices)),
    isStripeThere: prices !== undefined,
  }
}

const instant = (at: Date | null): string | null => at?.toISOString() ?? null

function subscriptionOf(row: BillingRow): NonNullable<Billing['subscription']> {
  const endsAt = row.cancelAt ?? (row.cancelAtPeriodEnd ? row.currentPeriodEnd : null)
  const { interval } = row
  return {
    status: row.status ?? '',
    plan: row.subscriptionPlanId === null ? null : planOf(row.subscriptionPlanId),
    interval: interval === 'month' || interval === 'year' ? interval : null,
    currentPeriodEnd: instant(row.currentPeriodEnd),
    endsAt: instant(endsAt),
    trialEnd: instant(row.trialEnd),
  }
}

function offerOf(
  id: Plan,
  terms: PlanTerms,
  prices: ReadonlyMap<string, StripePrice> | undefined,
): PlanOffer {
  const { quota, ...limits } = terms.limits
  const money = (priceId: string | undefined) => {
    const price = priceId === undefined ? undefined : prices?.get(priceId)
    return price ? { amount: price.amount, currency: price.currency } : null
  }
  return {
    id,
    name: terms.name,
    trialDays: terms.trialDays,
    month: money(terms.prices.month),
    year: money(terms.prices.year),
    limits: {
      deployments: limits.deployments,
      members: limits.members,
      teams: limits.teams,
      customDomains: limits.customDomains,
      logRetentionDays: limits.logRetentionDays,
      cpu: quota.cpuRequests,
      memory: quota.memoryRequests,
      storage: quota.storage,
    },
  }
}

/** The oldest first, as they are kept where nobody chooses. */
export async function listKeptDeployments(
  { db }: Pick<Deps, 'db'>,
  { scope }: Caller,
): Promise<KeptDeployments> {
  const rows = await listKept(db, scope.orgId)
  return rows.map(({ id, displayName, createdAt, keptFirst, held }) => ({
    id: id as KeptDeployments[number]['id'],
    displayName,
    createdAt: createdAt.toISOString(),
    isKept: keptFirst,
    isHeld: held,
  }))
}
