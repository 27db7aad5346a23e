import { expect, it } from 'vitest'

import { LABELS } from './crd/meta.ts'
import { limitLabel, limitLabels, limitsOfNamespace } from './namespace-limits.ts'
import { limitsFor, PLANS } from './tiers.ts'

const pick = ({ deployments, quota }: ReturnType<typeof limitsFor>) => ({ deployments, quota })

it('reads what it writes, whatever the plan', () => {
  for (const plan of PLANS) {
    const limits = pick(limitsFor(plan))
    expect(limitsOfNamespace(limitLabels(limits))).toEqual(limits)
  }
})

it('writes labels that Kubernetes takes', () => {
  for (const [name, value] of Object.entries(limitLabels(limitsFor('enterprise')))) {
    expect(name).toMatch(/^limits\.scheduler\.opsnorth\.io\/[a-z-]{1,63}$/)
    expect(value).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/)
  }
})

it('takes what is missing or mistyped from the plan, and from the smallest where none is named', () => {
  const plan = { [LABELS.plan]: 'business' }
  expect(limitsOfNamespace(plan)).toEqual(pick(limitsFor('business')))
  expect(limitsOfNamespace({})).toEqual(pick(limitsFor('free')))
  expect(limitsOfNamespace({ [LABELS.plan]: 'toString' })).toEqual(pick(limitsFor('free')))
  const mistyped = {
    ...plan,
    [limitLabel('pods')]: '-1',
    [limitLabel('deployments')]: 'all',
    [limitLabel('cpuLimits')]: 'lots',
    [limitLabel('storage')]: '7Gi',
  }
  const { deployments, quota } = limitsFor('business')
  expect(limitsOfNamespace(mistyped)).toEqual({ deployments, quota: { ...quota, storage: '7Gi' } })
})
