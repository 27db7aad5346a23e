import { planAllowing, planOf, type CountedLimit } from '../../contract/tiers.ts'
import { AppError } from '../../errors.ts'
import type { Settings } from '../deps.ts'

const NOUNS: Readonly<Record<CountedLimit, string>> = {
  deployments: 'deployment',
  members: 'member',
  teams: 'team',
  customDomains: 'custom domain',
}

interface Reached {
  readonly what: CountedLimit
  readonly planId: string | null
  readonly used: number | null
  readonly limit: number | null
  /** How many there would be; one more than there are unless told. */
  readonly count?: number
}

/** A refusal that says the limit, what is used, and which plan would allow it. */
export function limitReached({ plans }: Pick<Settings, 'plans'>, reached: Reached): AppError {
  const plan = planOf(reached.planId ?? '')
  const used = reached.used ?? 0
  const larger = planAllowing(plans, { plan, what: reached.what, count: reached.count ?? used + 1 })
  return new AppError('TIER_LIMIT_REACHED', {
    what: NOUNS[reached.what],
    used,
    limit: reached.limit ?? 0,
    plan: plans[plan].name,
    larger: larger === undefined ? '' : plans[larger].name,
  })
}
