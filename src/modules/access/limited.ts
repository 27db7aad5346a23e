/**
 * Limits on abuse: how often somebody may try what could be guessed. Counted in the database, so that all replicas
 * count together (docs/decisions/034).
 */
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'

import { fail } from '../../errors.ts'
import type { Ports } from '../../ports/types.ts'
import { countTryRow } from './store.ts'

/** How often in how many seconds. */
const LIMITS = {
  /** Beginning to sign in, and signing in for development. */
  'sign-in': { tries: 30, seconds: 60 },
  /** Coming back from the issuer. By subject: signing in with one account. */
  callback: { tries: 30, seconds: 60 },
  /** Showing the token of an invitation. */
  invitation: { tries: 20, seconds: 60 },
  /** Having mail sent to somebody. */
  'invitation-mail': { tries: 50, seconds: 3_600 },
  /** Showing an API key that there is none of. A good one is not counted. */
  'api-key': { tries: 30, seconds: 60 },
} as const

export type LimitedThing = keyof typeof LIMITS

/** Who tries, or upon whom: an address of the network, a user, an identity at an issuer, an e-mail address. */
export type LimitedSubject = `${'address' | 'user' | 'identity' | 'email'}:${string}`

/**
 * Counts a try of somebody, and refuses it when there were too many. Call it before anything is looked up: then the
 * answer, and the time it takes, are the same whether there is such a thing or not. Call it once for each subject
 * that is to be counted, the address first.
 *
 * @example await limited(deps, 'invitation', addressSubject(ip))
 * @throws {AppError} RATE_LIMITED, with the seconds until the next window
 */
export async function limited(
  { db, clock }: Pick<Ports, 'db' | 'clock'>,
  what: LimitedThing,
  subject: LimitedSubject,
): Promise<void> {
  const { tries, seconds } = LIMITS[what]
  const nowMs = clock.nowMs()
  const { used, windowEndsAt } = await countTryRow(db, {
    key: `${what}/${hashOf(subject)}`,
    now: new Date(nowMs),
    windowEndsAt: new Date(nowMs + seconds * 1_000),
  })
  if (used <= tries) return
  const retryAfterSeconds = Math.max(1, Math.ceil((windowEndsAt.getTime() - nowMs) / 1_000))
  fail('RATE_LIMITED', { retryAfterSeconds }, { because: `${what} was tried ${used} times` })
}

/** Addresses and e-mail addresses are nobody's business who reads the table. */
const hashOf = (subject: LimitedSubject): string =>
  createHash('sha256').update(subject.toLowerCase()).digest('base64url')

/** Who has one address of IPv6 has its whole /64. */
export function addressSubject(ip: string): LimitedSubject {
  return `address:${isIPv6(ip) && !ip.startsWith('::ffff:') ? networkOf(ip) : ip.replace('::ffff:', '')}`
}

function networkOf(ip: string): string {
  const [head = '', tail] = ip.split('%', 1)[0]?.split('::') ?? []
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
