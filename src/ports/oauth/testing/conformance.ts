import { expect, it } from 'vitest'

import { attemptOf, newHandle } from '../attempt.ts'
import type { AccountHolder, Consented } from '../fake.ts'
import type { OAuthPort } from '../port.ts'

/** An issuer to be tested, with people who have accounts there. */
export interface OAuthScene {
  readonly oauth: OAuthPort
  readonly consent: (url: URL, holder: AccountHolder) => Promise<Consented>
}

const ada: AccountHolder = { subject: '10769150350006150715113082367', email: 'ada@example.com', name: 'Ada' }

/** Sentence → what shows it. */
const cases: Record<string, (scene: OAuthScene) => Promise<void>> = {
  async 'sends the browser away with state, nonce and the hash of the verifier, and not the verifier'({
    oauth,
  }) {
    const attempt = attemptOf(newHandle())
    const url = oauth.authorizationUrl(attempt)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
    })
    expect(url.href).not.toContain(attempt.verifier)
  },
  async 'says who brought the code'({ oauth, consent }) {
    const attempt = attemptOf(newHandle())
    const { code, state } = await consent(oauth.authorizationUrl(attempt), ada)
    expect(state).toBe(attempt.state)
    const person = await oauth.identify({ code }, attempt)
    expect(person).toMatchObject({ subject: ada.subject, email: ada.email, name: 'Ada', avatarUrl: null })
    expect(person.provider).toMatch(/^https?:\/\//)
  },
  async 'takes a code once'({ oauth, consent }) {
    const attempt = attemptOf(newHandle())
    const { code } = await consent(oauth.authorizationUrl(attempt), ada)
    await oauth.identify({ code }, attempt)
    await expect(oauth.identify({ code }, attempt)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
  },
  async 'takes a code only with the verifier of its own sign-in'({ oauth, consent }) {
    const [mine, theirs] = [attemptOf(newHandle()), attemptOf(newHandle())]
    const { code } = await consent(oauth.authorizationUrl(theirs), ada)
    const stolen = oauth.identify({ code }, { ...theirs, verifier: mine.verifier })
    await expect(stolen).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
  },
  async 'takes a token only with the nonce of its own sign-in'({ oauth, consent }) {
    const [mine, theirs] = [attemptOf(newHandle()), attemptOf(newHandle())]
    const { code } = await consent(oauth.authorizationUrl(theirs), ada)
    const replayed = oauth.identify({ code }, { ...theirs, nonce: mine.nonce })
    await expect(replayed).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
  },
  async 'refuses what another issuer answers'({ oauth, consent }) {
    const attempt = attemptOf(newHandle())
    const { code } = await consent(oauth.authorizationUrl(attempt), ada)
    const mixed = oauth.identify({ code, issuer: 'https://evil.example' }, attempt)
    await expect(mixed).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
  },
  async 'refuses a code that it never gave'({ oauth }) {
    const made = oauth.identify({ code: 'made-up' }, attemptOf(newHandle()))
    await expect(made).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
  },
  async 'refuses who has not proved the address'({ oauth, consent }) {
    const attempt = attemptOf(newHandle())
    const { code } = await consent(oauth.authorizationUrl(attempt), { ...ada, isVerified: false })
    await expect(oauth.identify({ code }, attempt)).rejects.toMatchObject({ code: 'EMAIL_UNVERIFIED' })
  },
}

/** What every issuer's adapter does. */
export function conformsToOAuthPort(open: () => OAuthScene): void {
  it.each(Object.entries(cases))('%s', async (_, show) => {
    await expect(show(open())).resolves.toBeUndefined()
  })
}
