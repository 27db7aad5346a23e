/** Errors about paying: parts of the catalogue, by status. */
import { entry, plain, plural } from './entry.ts'

export const BILLING_WEBHOOK = {
  WEBHOOK_REFUSED: entry<{ problem: string }>(
    'BAD_REQUEST',
    ({ problem }) => `This is no event of Stripe’s for this installation: ${problem}.`,
  ),
} as const

export const BILLING_CONFLICT = {
  ALREADY_SUBSCRIBED: plain(
    'CONFLICT',
    'Your organisation has a subscription already. Change its plan instead: nothing was charged.',
  ),
  NOT_SUBSCRIBED: plain('CONFLICT', 'Your organisation has no subscription. Choose a plan first.'),
  CHECKOUT_BUSY: plain(
    'CONFLICT',
    'A page to pay on is just being opened for your organisation. Try again in a moment.',
  ),
} as const

export const BILLING_REFUSED = {
  BILLING_OFF: plain(
    'UNPROCESSABLE_CONTENT',
    'Nothing is charged on this installation, so there is nothing to pay or to change.',
  ),
  PRICE_MISSING: entry<{ plan: string; interval: string }>(
    'UNPROCESSABLE_CONTENT',
    ({ plan, interval }) =>
      `The ${plan} plan cannot be bought by the ${interval} here. Choose another plan or period, or ask whoever runs this installation.`,
  ),
  CURRENCY_DIFFERS: entry<{ plan: string; sold: string; paid: string }>(
    'UNPROCESSABLE_CONTENT',
    ({ plan, sold, paid }) =>
      `The ${plan} plan is sold in ${sold}, and your organisation pays in ${paid}, which cannot be mixed. Ask whoever runs this installation for a price in ${paid}.`,
  ),
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
