import { CodeChallengeMethod, OAuth2Client, OAuth2Tokens } from 'arctic'
import { createRemoteJWKSet, customFetch } from 'jose'

import { fail, isAppError } from '../../errors.ts'
import type { Clock } from '../clock/port.ts'
import { boundedFetch, type BoundedAnswer } from './bounded-fetch.ts'
import { personOf } from './id-token.ts'
import type { Brought, OAuthPort } from './port.ts'

/** An OAuth client, and where its issuer answers. Google's addresses, or those of what stands in for it. */
export interface GoogleSettings {
  readonly clientId: string
  readonly clientSecret: string
  /** As it is registered with the issuer. */
  readonly redirectUrl: string
  readonly issuer: string
  readonly authorizeUrl: string
  readonly tokenUrl: string
  readonly jwksUrl: string
}

interface Options extends GoogleSettings {
  readonly clock: Clock
  /** How long one call of the issuer may take, its body included; default 5 s. */
  readonly timeoutMs?: number
}

const MAX_BYTES = 64 * 1024
/** Keys are kept so long; one that is not known is asked for, at most every 30 s. */
const KEYS_MAX_AGE_MS = 10 * 60_000
const KEYS_COOLDOWN_MS = 30_000

/**
 * Google, by arctic: its addresses, its PKCE and its reading of tokens. Arctic's own request has no time-out, follows
 * redirects with the code in its hands and reads whatever comes, and its ID tokens are decoded without being
 * verified; so the request is made, and the token verified, here (docs/decisions/035).
 */
export function createGoogle(options: Options): OAuthPort {
  const { clientId, clientSecret, redirectUrl, clock, timeoutMs = 5_000 } = options
  const client = new OAuth2Client(clientId, clientSecret, redirectUrl)
  const bounds = { timeoutMs, maxBytes: MAX_BYTES }
  const issuers = namesOf(options.issuer)
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    timeoutDuration: timeoutMs,
    cooldownDuration: KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
    [customFetch]: async (url, init) => {
      const { status, text } = await boundedFetch(url, init, bounds)
      return new Response(text, { status })
    },
  })

  const exchange = async ({ code }: Brought, verifier: string): Promise<string> => {
    const answer = await boundedFetch(
      options.tokenUrl,
      {
        method: 'POST',
        headers: { authorization: basic(clientId, clientSecret), accept: 'application/json' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUrl,
          code_verifier: verifier,
        }),
      },
      bounds,
    ).catch((cause: unknown) => unavailable('the token endpoint does not answer', cause))
    return idTokenIn(answer)
  }

  return {
    authorizationUrl({ state, nonce, verifier }) {
      const { S256 } = CodeChallengeMethod
      const scopes = ['openid', 'email', 'profile']
      const url = client.createAuthorizationURLWithPKCE(options.authorizeUrl, state, S256, verifier, scopes)
      url.searchParams.set('nonce', nonce)
      // Who has several accounts there says which; otherwise signing in as another is not possible.
      url.searchParams.set('prompt', 'select_account')
      return url
    },
    async identify(brought, { nonce, verifier }) {
      if (brought.issuer !== undefined && !issuers.includes(brought.issuer))
        fail('SIGN_IN_REFUSED', {}, { because: 'another issuer answered' })
      const idToken = await exchange(brought, verifier)
      return personOf(idToken, { issuers, clientId, nonce }, { keys, clock })
    },
  }
}

const unavailable = (because: string, cause?: unknown): never =>
  fail('SIGN_IN_UNAVAILABLE', {}, { because, cause })

/** RFC 6749 2.3.1: both are encoded as in a form before they are put together. */
function basic(id: string, secret: string): string {
  const pair = [id, secret].map(encodeURIComponent).join(':')
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

/** Google calls itself by two names in its tokens. */
const namesOf = (issuer: string): [string, ...string[]] =>
  issuer === 'https://accounts.google.com' ? [issuer, 'accounts.google.com'] : [issuer]

/** @throws {AppError} SIGN_IN_REFUSED when the issuer does not take the code, SIGN_IN_UNAVAILABLE otherwise */
function idTokenIn({ status, text }: BoundedAnswer): string {
  if (status === 400) fail('SIGN_IN_REFUSED', {}, { because: 'the issuer does not take the code' })
  if (status !== 200) return unavailable(`the token endpoint answers with ${status}`)
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data !== 'object' || data === null) return unavailable('its answer is no object')
    return new OAuth2Tokens(data).idToken()
  } catch (cause) {
    if (isAppError(cause)) throw cause
    return unavailable('its answer holds no ID token', cause)
  }
}
