import { describe, expect, it } from 'vitest'

import { attemptOf, newHandle } from './attempt.ts'
import { createFakeOAuth } from './fake.ts'
import { conformsToOAuthPort } from './testing/conformance.ts'

describe('an issuer in memory', () => {
  conformsToOAuthPort(() => {
    const oauth = createFakeOAuth()
    return { oauth, consent: async (url, holder) => oauth.consent(url, holder) }
  })

  it('is away when a test says so', async () => {
    const oauth = createFakeOAuth()
    oauth.setAway(true)
    const asked = oauth.identify({ code: 'any' }, attemptOf(newHandle()))
    await expect(asked).rejects.toMatchObject({ code: 'SIGN_IN_UNAVAILABLE' })
  })
})
