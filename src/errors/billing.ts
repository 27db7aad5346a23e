/** Errors about paying: parts of the catalogue, by status. */
import { entry, plain, plural } from './entry.ts'

export const BILLING_WEBHOOK = {
  WEBHOOK_REFUSED: entry<{ problem: string }>(
    'BAD_REQUEST',
    ({ problem }) => `This is no event of Stripe’s for this installation: ${problem}.`,
  ),
} as const

export const BILLING_REFUSED = {
  STRIPE_REFUSED: entry<{ reason: string }>(
    'UNPROCESSABLE_CONTENT',
    ({ reason }) => `Stripe does not allow this (${reason}). Nothing was changed and nothing charged.`,
  ),
} as const

export const BILLING_UNAVAILABLE = {
  STRIPE_UNAVAILABLE: plain(
    'SERVICE_UNAVAILABLE',
    'Stripe cannot be reached, so nothing was changed and nothing charged. Try again in a minute.',
  ),
} as const

interface ReachedLimit {
  what: string
  used: number
  limit: number
  /** Names of plans for people; the larger one is empty where none allows more. */
  plan: string
  larger: string
}

export function limitSentence({ what, used, limit, plan, larger }: ReachedLimit): string {
  const fact = `The ${plan} plan allows ${plural(limit, what)}, and your organisation has ${used}.`
  const way = larger === '' ? 'ask whoever runs this installation for more' : `change to the ${larger} plan`
  return used === 0 ? `${fact} To have one, ${way}.` : `${fact} Delete one, or ${way}.`
}
