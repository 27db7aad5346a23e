import { expect, it } from 'vitest'
import { sessionCookie } from './cookie.ts'

it('is bound to the host over TLS', () => {
  expect(sessionCookie({ isSecure: true, absoluteMs: 90_500 })).toEqual({
    name: '__Host-session',
    attributes: { httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge: 90 },
  })
})

it('works without TLS in development', () => {
  expect(sessionCookie({ isSecure: false, absoluteMs: 90_500 })).toMatchObject({
    name: 'session',
    attributes: { httpOnly: true, secure: false, sameSite: 'lax' },
  })
})
