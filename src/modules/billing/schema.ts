/** What an owner asks about paying, and sees of it. Money is in the smallest unit of its currency. */
import { z } from 'zod'

import { DeploymentId, OrgId } from '../../contract/ids.ts'
import { PLANS } from '../../contract/tiers.ts'
import { input, Instant, Quota } from '../access/schema.ts'

const Plan = z.enum(PLANS)
const PaidPlan = z.enum(['business', 'enterprise'], { error: 'The plan is business or enterprise.' })
const Interval = z.enum(['month', 'year'], { error: 'The period is month or year.' })

export const OfOrg = input({ orgId: OrgId })

/** `isFresh` looks at Stripe first: for who comes back from a page of Stripe's. */
export const GetBilling = input({ orgId: OrgId, isFresh: z.boolean().optional() })
export type GetBilling = z.output<typeof GetBilling>

export const ChoosePlan = input({ orgId: OrgId, plan: PaidPlan, interval: Interval })
export type ChoosePlan = z.output<typeof ChoosePlan>

/** `prorationAt` as the preview said it: what was shown is what is charged. */
export const ChangePlan = input({
  orgId: OrgId,
  plan: PaidPlan,
  interval: Interval,
  prorationAt: z.iso.datetime({ error: 'An instant is written like 2026-01-31T12:00:00Z.' }),
})
export type ChangePlan = z.output<typeof ChangePlan>

export const KeepDeployments = input({
  orgId: OrgId,
  keep: z.array(DeploymentId).max(1000, 'At most 1000 deployments are kept by choice.'),
})
export type KeepDeployments = z.output<typeof KeepDeployments>

/** Where to go on: a page of Stripe's. */
export const PageOfStripe = z.object({ url: z.string() })
export const BillingDone = z.object({ id: OrgId })

const Money = z.object({ amount: z.int(), currency: z.string() })

export const PlanOffer = z.object({
  id: Plan,
  name: z.string(),
  trialDays: z.int(),
  /** Null: it cannot be bought so, or Stripe cannot be asked. */
  month: Money.nullable(),
  year: Money.nullable(),
  limits: z.object({
    deployments: z.int().nullable(),
    members: z.int().nullable(),
    teams: z.int().nullable(),
    customDomains: z.int().nullable(),
    logRetentionDays: z.int(),
    cpu: z.string(),
    memory: z.string(),
    storage: z.string(),
  }),
})
export type PlanOffer = z.infer<typeof PlanOffer>

const Subscription = z.object({
  status: z.string(),
  /** Null: its price is of no plan. */
  plan: Plan.nullable(),
  interval: Interval.nullable(),
  currentPeriodEnd: Instant.nullable(),
  /** It ends then. */
  endsAt: Instant.nullable(),
  trialEnd: Instant.nullable(),
})

export const Billing = z.object({
  plan: Plan,
  /** A plan was chosen once, be it the free one. */
  isChosen: z.boolean(),
  standing: z.object({
    /** A word of standing.ts. */
    stage: z.string(),
    since: Instant,
    next: z.object({ stage: z.string(), at: Instant }).nullable(),
    why: z.string().nullable(),
  }),
  /** Null: there is none, or it has ended. */
  subscription: Subscription.nullable(),
  /** There is somebody at Stripe to show cards and invoices of. */
  isCustomer: z.boolean(),
  used: z.object({ deployments: Quota, members: Quota, teams: Quota, customDomains: Quota }),
  offers: z.array(PlanOffer),
  /** Prices could be asked for. */
  isStripeThere: z.boolean(),
})
export type Billing = z.infer<typeof Billing>

export const KeptDeployments = z.array(
  z.object({
    id: DeploymentId,
    displayName: z.string(),
    createdAt: Instant,
    isKept: z.boolean(),
    isHeld: z.boolean(),
  }),
)
export type KeptDeployments = z.infer<typeof KeptDeployments>

export const ChangePreview = z.object({
  /** Negative is in the customer's favour. */
  dueNow: z.int(),
  next: z.object({ total: z.int(), at: Instant.nullable() }),
  currency: z.string(),
  lines: z.array(z.object({ description: z.string(), amount: z.int() })),
  prorationAt: Instant,
})
export type ChangePreview = z.infer<typeof ChangePreview>

export const Invoices = z.array(
  z.object({
    id: z.string(),
    number: z.string().nullable(),
    status: z.string(),
    total: z.int(),
    currency: z.string(),
    createdAt: Instant,
    pageUrl: z.string().nullable(),
    pdfUrl: z.string().nullable(),
  }),
)
export type Invoices = z.infer<typeof Invoices>

export const PaymentMethods = z.array(
  z.object({
    id: z.string(),
    type: z.string(),
    brand: z.string().nullable(),
    last4: z.string().nullable(),
    expires: z.object({ month: z.int(), year: z.int() }).nullable(),
    isDefault: z.boolean(),
  }),
)
export type PaymentMethods = z.infer<typeof PaymentMethods>

/** `detail` of what an owner did about paying. */
export const BillingAudit = z.strictObject({
  did: z.enum(['checkout', 'portal', 'change', 'cancel', 'resume']),
  plan: z.string().nullable(),
  interval: z.string().nullable(),
})
/** `detail` of choosing without paying. */
export const ChoiceAudit = z.strictObject({
  did: z.enum(['free', 'keep']),
  kept: z.array(z.string()).nullable(),
})
