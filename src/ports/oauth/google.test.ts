import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { manualClock } from '../clock/fake.ts'
import { systemClock } from '../clock/system.ts'
import { attemptOf, newHandle } from './attempt.ts'
import { createGoogle } from './google.ts'
import type { OAuthPort } from './port.ts'
import { conformsToOAuthPort } from './testing/conformance.ts'
import { CLIENT_ID, startProvider, type Provider } from './testing/provider.ts'

let provider: Provider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(async () => provider.stop())

const redirectUrl = 'http://127.0.0.1:1/oauth2/callback'
const ada = { subject: '1', email: 'ada@example.com', name: 'Ada' }

const open = (given: Partial<Parameters<typeof createGoogle>[0]> = {}): OAuthPort =>
  createGoogle({ ...provider.settings(redirectUrl), clock: systemClock, ...given })

async function signedIn(oauth: OAuthPort): Promise<unknown> {
  const attempt = attemptOf(newHandle())
  const { code } = await provider.consent(oauth.authorizationUrl(attempt), ada)
  return oauth.identify({ code }, attempt)
}

describe('Google, by arctic and jose', () => {
  conformsToOAuthPort(() => ({ oauth: open(), consent: provider.consent }))

  it('is asked for openid, e-mail and profile only, for the address that is registered', () => {
    const { searchParams } = open().authorizationUrl(attemptOf(newHandle()))
    expect(Object.fromEntries(searchParams)).toMatchObject({
      client_id: CLIENT_ID,
      redirect_uri: redirectUrl,
      response_type: 'code',
      scope: 'openid email profile',
      // Nobody is signed in without having chosen to be.
      prompt: 'select_account',
    })
  })

  it('gives its keys once for many sign-ins', async () => {
    const other = await startProvider()
    const clock = systemClock
    const oauth = createGoogle({ ...other.settings(redirectUrl), clock })
    const again = async () => {
      const attempt = attemptOf(newHandle())
      const { code } = await other.consent(oauth.authorizationUrl(attempt), ada)
      return oauth.identify({ code }, attempt)
    }
    await again()
    await again()
    expect(other.asked().filter((path) => path === '/jwks')).toHaveLength(1)
    await other.stop()
  })

  it.each([
    ['a minute of difference is no trouble', 59_000, undefined],
    ['more than a minute behind', -61_000, 'SIGN_IN_CLOCK'],
    ['more than the life of a token ahead', 3_700_000, 'SIGN_IN_CLOCK'],
  ])('says so when clocks differ: %s', async (_, differenceMs, code) => {
    const oauth = open({ clock: manualClock(systemClock.nowMs() + differenceMs) })
    const outcome = await signedIn(oauth).then(
      () => undefined,
      (error: { code: string }) => error.code,
    )
    expect(outcome).toBe(code)
  })

  it('calls itself by both of its names', async () => {
    const issuer = 'https://accounts.google.com'
    for (const name of [issuer, 'accounts.google.com']) {
      provider.misbehave({ token: ({ payload }) => void (payload.iss = name) })
      expect(await signedIn(open({ issuer }))).toMatchObject({ provider: issuer })
    }
    provider.misbehave({})
  })

  it('may say the name in any way, and the picture only by TLS', async () => {
    const claims = { name: `  Ada \n\u202e${'x'.repeat(300)}`, picture: 'javascript:alert(1)' }
    provider.misbehave({ token: ({ payload }) => void Object.assign(payload, claims) })
    const person = (await signedIn(open())) as { name: string; avatarUrl: string | null }
    provider.misbehave({})
    expect(person.name).toMatch(/^Ada x{90,96}$/)
    expect(person.avatarUrl).toBeNull()
  })
})
