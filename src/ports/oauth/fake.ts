import { createHash, randomUUID } from 'node:crypto'

import { fail } from '../../errors.ts'
import type { Attempt, OAuthPort } from './port.ts'

/** Somebody who has an account with an issuer of tests. */
export interface AccountHolder {
  readonly subject: string
  readonly email: string
  readonly isVerified?: boolean
  readonly name?: string
}

/** What the browser is sent back with. */
export interface Consented {
  readonly code: string
  readonly state: string
}

/** An issuer in memory, for unit tests. */
export interface FakeOAuth extends OAuthPort {
  /** Somebody was sent to this address, and allows it. */
  consent(url: URL, holder: AccountHolder): Consented
  /** From now on it does not answer; or does again. */
  setAway(isAway: boolean): void
}

const FAKE_ISSUER = 'https://issuer.test'

export function createFakeOAuth(): FakeOAuth {
  const codes = new Map<string, { url: URL; holder: AccountHolder }>()
  let isAway = false
  return {
    authorizationUrl({ state, nonce, verifier }) {
      const challenge = challengeOf(verifier)
      const query = { state, nonce, code_challenge: challenge, code_challenge_method: 'S256' }
      return new URL(`${FAKE_ISSUER}/authorize?${new URLSearchParams(query).toString()}`)
    },
    consent(url, holder) {
      const code = randomUUID()
      codes.set(code, { url, holder })
      return { code, state: url.searchParams.get('state') ?? '' }
    },
    setAway: (is) => void (isAway = is),
    async identify({ code, issuer = FAKE_ISSUER }, attempt) {
      if (isAway) fail('SIGN_IN_UNAVAILABLE', {}, { because: 'the issuer is away' })
      const found = codes.get(code)
      codes.delete(code)
      if (issuer !== FAKE_ISSUER || !found || !isFor(attempt, found.url)) fail('SIGN_IN_REFUSED', {})
      const { subject, email, isVerified = true, name = email } = found.holder
      if (!isVerified) fail('EMAIL_UNVERIFIED', {})
      return { provider: FAKE_ISSUER, subject, email, name, avatarUrl: null }
    },
  }
}

function isFor({ nonce, verifier }: Attempt, { searchParams }: URL): boolean {
  return searchParams.get('nonce') === nonce && searchParams.get('code_challenge') === challengeOf(verifier)
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')
