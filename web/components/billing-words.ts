import type { Billing, PlanOffer } from '../../src/modules/billing/schema.ts'
import { count } from '../lib/format.ts'

const NOUNS = {
  deployments: 'deployment',
  members: 'member',
  teams: 'team',
  customDomains: 'custom domain',
} as const

/** What there is more of than a plan allows: "3 deployments instead of 1". */
export function exceedingOf(used: Billing['used'], { limits }: PlanOffer): string[] {
  return (['deployments', 'members', 'teams', 'customDomains'] as const).flatMap((what) => {
    const limit = limits[what]
    const there = used[what].used
    return limit === null || there <= limit ? [] : [`${count(there, NOUNS[what])} instead of ${limit}`]
  })
}

/** What a stage means for the organisation; undefined: all is well. */
export function stageWords(stage: string): { title: string; text: string } | undefined {
  return STAGES[stage]
}

const STAGES: Readonly<Record<string, { title: string; text: string }>> = {
  banner: {
    title: 'A payment has failed',
    text: 'Everything goes on for now. Look at your card and pay what is due.',
  },
  frozen: {
    title: 'Nothing new can be made until the subscription is paid',
    text: 'What runs goes on. Pay what is due to go on as before.',
  },
  suspended: {
    title: 'Your apps are stopped until the subscription is paid',
    text: 'Nothing is deleted. They start again within a minute of the payment.',
  },
  removing: {
    title: 'Your apps will be deleted because the subscription is not paid',
    text: 'Pay what is due before the date to keep them.',
  },
  removed: {
    title: 'Your apps were deleted because the subscription was not paid',
    text: 'Your organisation and its members are still here. Pay what is due to begin again.',
  },
}
