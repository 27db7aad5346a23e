/**
 * What an installation changes about its plans: a file of limits, names and days of trial, and the ids of prices, which
 * differ between Stripe's test mode and its live mode as the keys do.
 */
import { z } from 'zod'

import { ISOLATIONS } from './crd/user-deployment.ts'
import { milliOf } from './quantity.ts'
import { DEFAULT_PLANS, isPlan, PLANS, type Plan, type Plans, type PlanTerms } from './tiers.ts'

const count = z.int('must be a whole number').min(0, 'must be 0 or more').max(1_000_000, 'is too large')
const limit = count.nullable()
const days = z.int('must be a whole number of days').min(1, 'must be 1 or more').max(36_500, 'is too large')

/** It stands in a label of namespaces, so it is as short as one. */
const quantity = z
  .string('must be a quantity such as "4", "500m" or "8Gi"')
  .regex(/^[0-9][0-9a-zA-Z.]{0,30}$/, 'must be a quantity such as 4, 500m or 8Gi')
  .refine((text) => milliOf(text) !== undefined, 'must be a quantity such as 4, 500m or 8Gi')

const PlanChanges = z
  .strictObject({
    name: z.string().trim().min(1, 'must not be empty').max(40, 'has more than 40 characters'),
    trialDays: z.int('must be a whole number of days').min(0, 'must be 0 or more').max(730, 'is over 730'),
    deployments: limit,
    members: count.min(1, 'must be 1 or more').nullable(),
    teams: count.min(1, 'must be 1 or more').nullable(),
    customDomains: limit,
    agentTasks: limit,
    logRetentionDays: days,
    auditDays: days.nullable(),
    isolation: z.enum(ISOLATIONS),
    templates: z.enum(['system', 'custom', 'org']),
    quota: z
      .strictObject({
        cpuRequests: quantity,
        cpuLimits: quantity,
        memoryRequests: quantity,
        memoryLimits: quantity,
        storage: quantity,
        pods: count,
        volumes: count,
      })
      .partial(),
  })
  .partial()

const PlansFile = z
  .strictObject({ free: PlanChanges, business: PlanChanges, enterprise: PlanChanges })
  .partial()

type Changes = z.output<typeof PlanChanges>

/** What is wrong, as `business.members must be 1 or more`; for people, and without values. */
export class PlansError extends Error {
  override readonly name = 'PlansError'
}

/**
 * The plans with what a file says of them: `{"business": {"deployments": 20, "quota": {"pods": 200}}}`.
 *
 * @throws {PlansError}
 */
export function parsePlans(text: string, plans: Plans = DEFAULT_PLANS): Plans {
  const { data, error } = PlansFile.safeParse(jsonOf(text))
  if (error) throw new PlansError(error.issues.map(sentenceOf).join('; '))
  const changed = PLANS.map((plan) => [plan, withChanges(plans[plan], data[plan] ?? {})] as const)
  return Object.fromEntries(changed) as Record<Plan, PlanTerms>
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PlansError('it is no JSON')
  }
}

function sentenceOf({ path, message }: z.core.$ZodIssue): string {
  const place = path.join('.')
  return place === '' ? message : `${place}: ${message}`
}

function withChanges(terms: PlanTerms, { name, trialDays, quota, ...limits }: Changes): PlanTerms {
  return {
    ...terms,
    name: name ?? terms.name,
    trialDays: trialDays ?? terms.trialDays,
    limits: {
      ...terms.limits,
      ...defined(limits),
      quota: { ...terms.limits.quota, ...defined(quota ?? {}) },
    },
  }
}

/** Without what is undefined, so that spreading it takes nothing away. */
const defined = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never

/**
 * The plans with prices: `business:month:price_1,business:year:price_2`.
 *
 * @throws {PlansError}
 */
export function withPrices(plans: Plans, text: string): Plans {
  const given = text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(priceOf)
  if (new Set(given.map(({ priceId }) => priceId)).size < given.length)
    throw new PlansError('a price belongs to one plan and one interval')
  return given.reduce<Plans>(
    (all, { plan, interval, priceId }) => ({
      ...all,
      [plan]: { ...all[plan], prices: { ...all[plan].prices, [interval]: priceId } },
    }),
    plans,
  )
}

function priceOf(text: string) {
  const [plan = '', interval, priceId = '', ...rest] = text.split(':')
  const isInterval = interval === 'month' || interval === 'year'
  if (!isPlan(plan) || plan === 'free' || !isInterval || !/^[\w-]{1,255}$/.test(priceId) || rest.length > 0)
    throw new PlansError(
      'prices are written like business:month:price_1,business:year:price_2, for business and enterprise',
    )
  return { plan, interval, priceId } as const
}
