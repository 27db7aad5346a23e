import { expect, it } from 'vitest'

import type { PlanOffer } from '../../src/modules/billing/schema.ts'
import { exceedingOf, stageWords } from './billing-words.ts'

it('names what is more than a plan allows, and nothing else', () => {
  const limits = { deployments: 1, members: 3, teams: null, customDomains: 0 }
  const used = {
    deployments: { used: 3, limit: 10 },
    members: { used: 3, limit: 10 },
    teams: { used: 9, limit: null },
    customDomains: { used: 1, limit: 10 },
  }
  expect(exceedingOf(used, { limits } as PlanOffer)).toEqual([
    '3 deployments instead of 1',
    '1 custom domain instead of 0',
  ])
})

it('says something of every stage but the full one', () => {
  expect(stageWords('full')).toBeUndefined()
  for (const stage of ['banner', 'frozen', 'suspended', 'removing', 'removed']) {
    expect(stageWords(stage)?.title).toMatch(/^[A-Z]/)
  }
})
