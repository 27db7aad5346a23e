/** Whether an ID token is what it should be (OpenID Connect Core 3.1.3.7), and whom it names. */
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'

import { AppError, fail } from '../../errors.ts'
import type { Clock } from '../clock/port.ts'
import { isSame } from './attempt.ts'
import type { Person } from './port.ts'

/** How far the clocks of issuer and server may be apart. */
const CLOCK_TOLERANCE_SECONDS = 60
/** A token is made when the code is exchanged, a moment before it is read here. */
const MAX_AGE_SECONDS = 600

export interface Expected {
  /** All names of the issuer; the first is the one that identities are kept under. */
  readonly issuers: readonly [string, ...string[]]
  readonly clientId: string
  readonly nonce: string
}

interface Verifying {
  readonly keys: JWTVerifyGetKey
  readonly clock: Clock
}

/** @throws {AppError} SIGN_IN_REFUSED, SIGN_IN_CLOCK, EMAIL_UNVERIFIED, SIGN_IN_UNAVAILABLE (no keys to be had) */
export async function personOf(idToken: string, expected: Expected, by: Verifying): Promise<Person> {
  const payload = await verified(idToken, expected, by)
  const { nonce, azp, aud } = payload
  const refuse = (because: string): never => fail('SIGN_IN_REFUSED', {}, { because })
  if (typeof nonce !== 'string' || !isSame(nonce, expected.nonce)) refuse('the nonce is another one')
  // Of several audiences, each could have been given this token by its user.
  if (Array.isArray(aud) && aud.length !== 1) refuse('the token is for others too')
  if (azp !== undefined && azp !== expected.clientId) refuse('the token was given to another client')
  const claims = Claims.safeParse(payload)
  if (!claims.success) return refuse(`claims are not as they should be: ${claims.error.message}`)
  const { sub, email, email_verified: isVerified, name, picture } = claims.data
  if (isVerified !== true) fail('EMAIL_UNVERIFIED', {})
  return { provider: expected.issuers[0], subject: sub, email, name: name || email, avatarUrl: picture }
}

const Claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(320),
  // Whatever it is: only true is true.
  email_verified: z.unknown().optional(),
  name: z.string().max(1_000).optional().catch(undefined).transform(shortName),
  picture: z
    .string()
    .max(2_000)
    .regex(/^https:\/\//)
    .nullable()
    .catch(null),
})

/** One line of what people type and see. */
function shortName(name = ''): string {
  return name
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 100)
}

async function verified(
  idToken: string,
  { issuers, clientId }: Expected,
  { keys, clock }: Verifying,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(idToken, keys, {
      // The one that the issuer signs with. Were others let in, its public key could serve as a password.
      algorithms: ['RS256'],
      issuer: [...issuers],
      audience: clientId,
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: MAX_AGE_SECONDS,
      currentDate: new Date(clock.nowMs()),
    })
    return payload
  } catch (error) {
    throw refusalOf(error)
  }
}

function refusalOf(error: unknown): AppError {
  const told = { because: (error as Error).message, cause: error }
  if (isOfTime(error)) return new AppError('SIGN_IN_CLOCK', {}, told)
  const isVerdict =
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    // jose's own word for keys that could not be loaded.
    error.code !== 'ERR_JOSE_GENERIC'
  return new AppError(isVerdict ? 'SIGN_IN_REFUSED' : 'SIGN_IN_UNAVAILABLE', {}, told)
}

/** A token that was asked for a moment ago is neither old nor from the future, unless a clock is wrong. */
const isOfTime = (error: unknown): boolean =>
  error instanceof errors.JWTExpired ||
  (error instanceof errors.JWTClaimValidationFailed &&
    error.reason === 'check_failed' &&
    ['iat', 'nbf'].includes(error.claim))
