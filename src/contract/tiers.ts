/**
 * What each plan allows, unless the installation says otherwise (src/contract/plans-file.ts). The numbers of an
 * organisation are enforced by counters (docs/decisions/013), those of a namespace by a ResourceQuota, to which they
 * come as labels (docs/decisions/048). They bind only where billing is enabled.
 */
import { GROUP, PLURALS } from './crd/meta.ts'
import type { Isolation } from './crd/user-deployment.ts'

/** In the order in which they are offered. */
export const PLANS = ['free', 'business', 'enterprise'] as const
export type Plan = (typeof PLANS)[number]

/** What the pods of one namespace, so of one user in one organisation, may have together. */
export interface NamespaceQuota {
  readonly cpuRequests: string
  readonly cpuLimits: string
  readonly memoryRequests: string
  readonly memoryLimits: string
  readonly storage: string
  readonly pods: number
  readonly volumes: number
}

/** Of an organisation. `null` is no limit. */
export interface Limits {
  readonly deployments: number | null
  readonly members: number | null
  readonly teams: number | null
  /** Chosen host names, besides the generated ones. */
  readonly customDomains: number | null
  /** Agent tasks that run at the same time. */
  readonly agentTasks: number | null
  readonly logRetentionDays: number
  /** How long the audit is kept; `null`: for ever. */
  readonly auditDays: number | null
  readonly isolation: Isolation
  /** Which templates may be made: none, for oneself and a team, or for the whole organisation too. */
  readonly templates: 'system' | 'custom' | 'org'
  readonly quota: NamespaceQuota
}

/** A plan of this installation. */
export interface PlanTerms {
  /** Seen by people. */
  readonly name: string
  readonly limits: Limits
  /** Before the first payment; 0: none. */
  readonly trialDays: number
  /** Ids of Stripe's; undefined: it cannot be bought so. */
  readonly prices: { readonly month: string | undefined; readonly year: string | undefined }
}
export type Plans = Readonly<Record<Plan, PlanTerms>>

const ENTERPRISE_QUOTA: NamespaceQuota = {
  cpuRequests: '64',
  cpuLimits: '128',
  memoryRequests: '128Gi',
  memoryLimits: '256Gi',
  storage: '2Ti',
  pods: 500,
  volumes: 100,
}

const LIMITS: Readonly<Record<Plan, Limits>> = {
  free: {
    deployments: 1,
    members: 1,
    teams: 1,
    customDomains: 0,
    agentTasks: 1,
    logRetentionDays: 1,
    auditDays: 30,
    isolation: 'shared',
    templates: 'system',
    // One deployment of a few services with the default resources, twice, as during a rolling update.
    quota: {
      cpuRequests: '2',
      cpuLimits: '8',
      memoryRequests: '2Gi',
      memoryLimits: '8Gi',
      storage: '5Gi',
      pods: 16,
      volumes: 4,
    },
  },
  business: {
    deployments: 10,
    members: 10,
    teams: 5,
    customDomains: 10,
    agentTasks: 10,
    logRetentionDays: 7,
    auditDays: 365,
    isolation: 'namespace',
    templates: 'custom',
    quota: {
      cpuRequests: '16',
      cpuLimits: '64',
      memoryRequests: '32Gi',
      memoryLimits: '64Gi',
      storage: '100Gi',
      pods: 160,
      volumes: 40,
    },
  },
  enterprise: {
    deployments: null,
    members: null,
    teams: null,
    customDomains: null,
    agentTasks: 100,
    logRetentionDays: 30,
    auditDays: null,
    isolation: 'dedicated',
    templates: 'org',
    quota: ENTERPRISE_QUOTA,
  },
}

/** Where nobody pays: no numbers, and no nodes of one's own. A namespace is still kept from taking the cluster. */
const UNBILLED: Limits = {
  deployments: null,
  members: null,
  teams: null,
  customDomains: null,
  agentTasks: null,
  logRetentionDays: 30,
  auditDays: null,
  isolation: 'namespace',
  templates: 'org',
  quota: ENTERPRISE_QUOTA,
}

const NO_PRICES = { month: undefined, year: undefined }

/** The plans of an installation that says nothing about them. */
export const DEFAULT_PLANS: Plans = {
  free: { name: 'Free', limits: LIMITS.free, trialDays: 0, prices: NO_PRICES },
  business: { name: 'Business', limits: LIMITS.business, trialDays: 0, prices: NO_PRICES },
  enterprise: { name: 'Enterprise', limits: LIMITS.enterprise, trialDays: 0, prices: NO_PRICES },
}

/** What a plan allows, or everything where billing is not enabled. */
export function limitsFor(
  plan: Plan,
  {
    isBillingEnabled = true,
    plans = DEFAULT_PLANS,
  }: { readonly isBillingEnabled?: boolean; readonly plans?: Plans } = {},
): Limits {
  return isBillingEnabled ? plans[plan].limits : UNBILLED
}

export const isPlan = (value: string): value is Plan => PLANS.some((plan) => plan === value)

/** A plan that was taken out of the code holds its organisations to the smallest one. */
export const planOf = (planId: string): Plan => (isPlan(planId) ? planId : 'free')

/** Limits of an organisation that are counted. */
export type CountedLimit = 'deployments' | 'members' | 'teams' | 'customDomains'

/** The smallest plan after this one that allows as many; undefined: none does. */
export function planAllowing(
  plans: Plans,
  { plan, what, count }: { readonly plan: Plan; readonly what: CountedLimit; readonly count: number },
): Plan | undefined {
  return PLANS.slice(PLANS.indexOf(plan) + 1).find((each) => {
    const limit = plans[each].limits[what]
    return limit === null || limit >= count
  })
}

/** What is left of a limit: `null` is without end; never below 0, although a smaller plan may leave more in use. */
export const leftOf = (limit: number | null, used: number): number | null =>
  limit === null ? null : Math.max(0, limit - used)

/** How a ResourceQuota counts objects of a kind (https://kubernetes.io/docs/concepts/policy/resource-quotas/). */
const QUOTA_OF_DEPLOYMENTS = `count/${PLURALS.UserDeployment}.${GROUP}`

/**
 * Further deployments that a namespace has room for: one that is gone counts until the controller of quotas has seen
 * it go, and what takes its place must not wait for that.
 */
const SPARE_DEPLOYMENTS = 1

/**
 * `spec.hard` of the ResourceQuota of a namespace. Nothing that opens a port of a node exists in it. The number of
 * deployments is that of the whole organisation, since a namespace is the part of one of its members.
 */
export function quotaHard({
  deployments,
  quota,
}: Pick<Limits, 'deployments' | 'quota'>): Record<string, string> {
  return {
    ...(deployments === null ? {} : { [QUOTA_OF_DEPLOYMENTS]: String(deployments + SPARE_DEPLOYMENTS) }),
    'requests.cpu': quota.cpuRequests,
    'limits.cpu': quota.cpuLimits,
    'requests.memory': quota.memoryRequests,
    'limits.memory': quota.memoryLimits,
    'requests.storage': quota.storage,
    pods: String(quota.pods),
    persistentvolumeclaims: String(quota.volumes),
    'services.nodeports': '0',
    'services.loadbalancers': '0',
  }
}
