import { expect, it } from 'vitest'

import { parsePlans, PlansError, withPrices } from './plans-file.ts'
import { DEFAULT_PLANS, limitsFor } from './tiers.ts'

function fault(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof PlansError) return error.message
    throw error
  }
  return ''
}

it('changes what the file names and nothing else', () => {
  const plans = parsePlans(
    JSON.stringify({
      free: { deployments: 3, name: 'Starter', quota: { pods: 40 } },
      business: { trialDays: 14, members: null },
    }),
  )
  const { quota } = limitsFor('free')
  expect(limitsFor('free', { plans })).toEqual({
    ...limitsFor('free'),
    deployments: 3,
    quota: { ...quota, pods: 40 },
  })
  expect(plans.free.name).toBe('Starter')
  expect(plans.business).toEqual({
    ...DEFAULT_PLANS.business,
    trialDays: 14,
    limits: { ...limitsFor('business'), members: null },
  })
  expect(plans.enterprise).toEqual(DEFAULT_PLANS.enterprise)
  expect(parsePlans('{}')).toEqual(DEFAULT_PLANS)
})

it.each([
  ['{', 'it is no JSON'],
  ['[]', /expected object/],
  ['{"silver": {}}', /silver/],
  ['{"free": {"deploymentz": 1}}', /^free: .*deploymentz/],
  ['{"free": {"members": 0}}', 'free.members: must be 1 or more'],
  ['{"free": {"deployments": 1.5}}', 'free.deployments: must be a whole number'],
  ['{"business": {"quota": {"cpuLimits": "many"}}}', /^business.quota.cpuLimits: must be a quantity/],
  ['{"business": {"quota": {"storage": 5}}}', /^business.quota.storage: must be a quantity/],
  ['{"business": {"isolation": "none"}}', /^business.isolation: /],
])('refuses %s', (text, sentence) => {
  expect(fault(() => parsePlans(text))).toMatch(sentence)
})

it('takes prices by plan and interval', () => {
  const { business, enterprise, free } = withPrices(
    DEFAULT_PLANS,
    'business:month:price_1, business:year:price_2,enterprise:year:price_3',
  )
  expect([business.prices, enterprise.prices, free.prices]).toEqual([
    { month: 'price_1', year: 'price_2' },
    { month: undefined, year: 'price_3' },
    { month: undefined, year: undefined },
  ])
  expect(withPrices(DEFAULT_PLANS, '')).toEqual(DEFAULT_PLANS)
})

it.each(['free:month:price_1', 'business:week:price_1', 'business:month', 'business:month:a:b', 'x'])(
  'refuses the price %s',
  (text) => {
    expect(fault(() => withPrices(DEFAULT_PLANS, text))).toMatch(/^prices are written like/)
  },
)

it('refuses a price that two plans have', () => {
  expect(fault(() => withPrices(DEFAULT_PLANS, 'business:month:p,enterprise:month:p'))).toMatch(/one plan/)
})
