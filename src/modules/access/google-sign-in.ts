/** Signing in by an issuer: away with the browser, and back. docs/decisions/035 says what keeps it single-use. */
import { fail } from '../../errors.ts'
import { attemptOf, hashOfHandle, isSame, newHandle } from '../../ports/oauth/attempt.ts'
import type { Attempt, OAuthPort } from '../../ports/oauth/port.ts'
import type { Ports } from '../../ports/types.ts'
import { limited } from './limited.ts'
import { signIn, type Browser, type SignedIn } from './sign-in.ts'
import { forgetEnded, insertAttempt, takeAttempt } from './store.ts'

/** How long somebody may be away at the issuer. */
export const ATTEMPT_MS = 10 * 60_000
/** What has ended is told from what never was for a while. */
const REMEMBERED_MS = 3_600_000

type Needed = Pick<Ports, 'db' | 'sessions' | 'clock'> & { readonly oauth: OAuthPort }

/** @param redirect a path of ours, for afterwards. @returns what the cookie is to hold, and where to send the browser */
export async function beginSignIn(
  { db, clock, oauth }: Needed,
  redirect: string,
): Promise<{ handle: string; url: URL }> {
  const handle = newHandle()
  const nowMs = clock.nowMs()
  await insertAttempt(db, {
    handleHash: hashOfHandle(handle) ?? '',
    redirect,
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + ATTEMPT_MS),
  })
  return { handle, url: oauth.authorizationUrl(attemptOf(handle)) }
}

/** How a browser shows that it is the one that was sent away. */
export interface Return {
  /** From the cookie. */
  readonly handle: string | undefined
  /** From the address. */
  readonly state: string
}

/** A return that counts: it was this browser's, in time, and it does not come again. */
export interface Taken {
  readonly attempt: Attempt
  readonly redirect: string
}

/** @throws {AppError} SIGN_IN_FOREIGN, SIGN_IN_EXPIRED, SIGN_IN_USED */
export async function takeReturn(
  deps: Pick<Ports, 'db' | 'clock'>,
  { handle, state }: Return,
): Promise<Taken> {
  const handleHash = hashOfHandle(handle ?? '')
  if (handle === undefined || handleHash === undefined) return fail('SIGN_IN_FOREIGN', {})
  const attempt = attemptOf(handle)
  // A return that is not this browser's uses nothing up: another site could send people here.
  if (!isSame(attempt.state, state)) fail('SIGN_IN_FOREIGN', {})
  return { attempt, redirect: await takeOnce(deps, handleHash) }
}

/** What the issuer says by the browser. */
type Answer = { readonly code: string; readonly issuer?: string | undefined } | { readonly error: string }

/**
 * Signs in who the issuer says it is.
 *
 * @throws {AppError} another code of contract/sign-in-problems.ts, or RATE_LIMITED
 */
export async function signInBy(
  deps: Needed,
  { attempt, answer }: Pick<Taken, 'attempt'> & { readonly answer: Answer },
  browser: Browser,
): Promise<SignedIn> {
  if ('error' in answer) return refusedByIssuer(answer.error)
  const person = await deps.oauth.identify(answer, attempt)
  await limited(deps, 'callback', `identity:${person.provider} ${person.subject}`)
  return signIn(deps, person, browser)
}

async function takeOnce({ db, clock }: Pick<Ports, 'db' | 'clock'>, handleHash: string): Promise<string> {
  const { outcome, redirect } = await takeAttempt(db, { handleHash, now: new Date(clock.nowMs()) })
  if (outcome === 'unknown') fail('SIGN_IN_FOREIGN', {}, { because: 'there is no such sign-in' })
  if (outcome === 'expired') fail('SIGN_IN_EXPIRED', {})
  if (outcome === 'used') fail('SIGN_IN_USED', {})
  return redirect ?? '/'
}

/** RFC 6749 4.1.2.1: people said no, or the issuer has trouble, or our client is not registered as it should be. */
function refusedByIssuer(error: string): never {
  if (error === 'access_denied') fail('SIGN_IN_DENIED', {})
  return fail('SIGN_IN_UNAVAILABLE', {}, { because: `the issuer answers ${JSON.stringify(error)}` })
}

/** Forgets sign-ins that have ended, and limits whose window is over; for a loop. @returns how many */
export const sweepSignIns = async ({ db, clock }: Pick<Ports, 'db' | 'clock'>): Promise<number> =>
  forgetEnded(db, new Date(clock.nowMs() - REMEMBERED_MS))
