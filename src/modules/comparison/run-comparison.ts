/**
 * Compares what Stripe, the rows and the cluster say. Stripe and cluster are looked at first and the rows after them, so
 * that what was made meanwhile is known by the time it is judged; what a report says may be past, so a repair looks again.
 */
import { LABELS } from '../../contract/crd/meta.ts'
import { fail, isAppError } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { StripePort, StripeSubscription } from '../../ports/stripe/port.ts'
import { isAlive } from '../billing/fold-subscriptions.ts'
import type { Deps } from '../deps.ts'
import { compare, type HeldNamespace, type Running } from './compare.ts'
import { Comparison } from './schema.ts'
import { comparedOrgs, keep, lastReport } from './store.ts'

type Needed = Pick<Deps, 'db' | 'kube' | 'stripe' | 'clock' | 'facts' | 'settings'>

const MAX_DIFFERENCES = 200

type Blind = Comparison['blind'][number]

type By = Pick<Caller, 'actor' | 'requestId' | 'origin'>

/** Looks, and keeps what was seen for whoever reads it later. @param by who asked for it; else it was time */
export async function runComparison(deps: Needed, by?: By): Promise<Comparison> {
  const blind: Blind[] = []
  const subscriptions = await look(blind, 'stripe', async () =>
    deps.stripe ? livingOf(deps.stripe) : undefined,
  )
  const namespaces = await look(blind, 'cluster', async () => namespacesOf(deps))
  const running = namespaces && runningOf(deps)
  const orgs = await comparedOrgs(deps.db)
  const { isBillingEnabled } = deps.settings
  const all = compare({ orgs, subscriptions, running, namespaces, isBillingEnabled })
  const report: Comparison = {
    takenAt: new Date(deps.clock.nowMs()).toISOString(),
    differences: all.slice(0, MAX_DIFFERENCES),
    isTruncated: all.length > MAX_DIFFERENCES,
    blind,
  }
  await keep(deps.db, report, by && auditParams(by))
  return report
}

function auditParams(by: By) {
  const { activityId: _, ...audit } = auditOf(by)
  return audit
}

/** The last one; null where there is none that this release can read. */
export async function lastComparison({ db }: Pick<Deps, 'db'>): Promise<{ last: Comparison | null }> {
  const parsed = Comparison.safeParse(await lastReport(db))
  return { last: parsed.success ? parsed.data : null }
}

async function look<T>(
  blind: Blind[],
  place: Blind['place'],
  work: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!isAppError(error, 'CLUSTER_UNAVAILABLE', 'STRIPE_UNAVAILABLE', 'STRIPE_REFUSED')) throw error
    blind.push({ place, sentence: error.sentence })
    return undefined
  }
}

async function livingOf(stripe: StripePort): Promise<StripeSubscription[]> {
  const living: StripeSubscription[] = []
  for await (const each of stripe.listAllSubscriptions()) if (isAlive(each)) living.push(each)
  return living
}

async function namespacesOf({ kube, facts }: Needed): Promise<HeldNamespace[] | undefined> {
  // An installation without a cluster has nothing there that could differ.
  if (!kube) return undefined
  if (facts.cluster() !== 'live') fail('CLUSTER_UNAVAILABLE', {}, { because: 'its state is not known yet' })
  const objects = await kube.listOwned()
  return objects.flatMap(({ kind, name, labels }) => {
    const { [LABELS.orgId]: orgId, [LABELS.plan]: plan } = labels
    return kind === 'Namespace' && orgId !== undefined && plan !== undefined ? [{ orgId, name, plan }] : []
  })
}

function runningOf({ facts }: Needed): Running[] {
  return facts.all().flatMap(({ metadata, spec, status }) => {
    if (metadata.deletionTimestamp !== undefined) return []
    const now = status?.consumption?.steps.at(-1)
    const takes = now !== undefined && now.cpu + now.memory > 0
    const name = spec.displayName ?? metadata.name
    return [{ orgId: spec.owner.orgId, name, isSuspended: spec.suspended, takes }]
  })
}
