import { expect, it } from 'vitest'

import { ISOLATIONS } from './crd/user-deployment.ts'
import { compareQuantities, milliOf } from './quantity.ts'
import {
  DEFAULT_PLANS,
  isPlan,
  leftOf,
  limitsFor,
  planAllowing,
  PLANS,
  quotaHard,
  type Limits,
} from './tiers.ts'

it('allows what the design says', () => {
  const plans = PLANS.map((plan) => limitsFor(plan))
  expect(plans.map(({ deployments }) => deployments)).toEqual([1, 10, null])
  expect(plans.map(({ members }) => members)).toEqual([1, 10, null])
  expect(plans.map(({ isolation }) => isolation)).toEqual(['shared', 'namespace', 'dedicated'])
  expect(Object.keys(DEFAULT_PLANS)).toEqual([...PLANS])
})

it('gives a larger plan nothing less', () => {
  const numbers = ({
    deployments,
    members,
    teams,
    customDomains,
    agentTasks,
    logRetentionDays,
    quota,
  }: Limits) =>
    [deployments, members, teams, customDomains, agentTasks, logRetentionDays, quota.pods, quota.volumes].map(
      (limit) => limit ?? Infinity,
    )
  for (const [index, plan] of PLANS.slice(1).entries()) {
    const [smaller, larger] = [limitsFor(PLANS[index] ?? 'free'), limitsFor(plan)]
    numbers(larger).forEach((limit, n) => expect(limit).toBeGreaterThanOrEqual(numbers(smaller)[n] ?? 0))
    expect(ISOLATIONS.indexOf(larger.isolation)).toBeGreaterThan(ISOLATIONS.indexOf(smaller.isolation))
    for (const name of ['cpuRequests', 'cpuLimits', 'memoryRequests', 'memoryLimits', 'storage'] as const) {
      expect(compareQuantities(larger.quota[name], smaller.quota[name])).toBe(1)
    }
  }
})

it('limits nothing in number where billing is not enabled', () => {
  for (const plan of PLANS) {
    const { deployments, members, teams, customDomains, agentTasks } = limitsFor(plan, {
      isBillingEnabled: false,
    })
    expect([deployments, members, teams, customDomains, agentTasks]).toEqual([null, null, null, null, null])
  }
})

it('writes quotas that Kubernetes reads, with no door on a node', () => {
  for (const plan of PLANS) {
    const hard = quotaHard(limitsFor(plan))
    for (const [name, quantity] of Object.entries(hard)) expect(milliOf(quantity), name).toBeDefined()
    expect(hard).toMatchObject({ 'services.nodeports': '0', 'services.loadbalancers': '0' })
    expect(compareQuantities(hard['limits.cpu'] ?? '', hard['requests.cpu'] ?? '')).toBe(1)
  }
})

it('says what is left, never less than nothing', () => {
  expect([leftOf(10, 3), leftOf(1, 5), leftOf(null, 5)]).toEqual([7, 0, null])
})

it('finds the smallest plan that would allow it', () => {
  const next = (plan: (typeof PLANS)[number], count: number) =>
    planAllowing(DEFAULT_PLANS, { plan, what: 'deployments', count })
  expect([next('free', 2), next('free', 11), next('business', 11)]).toEqual([
    'business',
    'enterprise',
    'enterprise',
  ])
  expect(next('enterprise', 1)).toBeUndefined()
})

it('knows its plans', () => {
  expect(['free', 'Free', 'toString'].map(isPlan)).toEqual([true, false, false])
})
