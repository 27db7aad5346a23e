/**
 * Answers of an identity provider that are not what they should be, each in one way: none signs anybody in. The
 * provider is real and on this machine, and everything between it and the session is the product's own.
 */
import type { ServerResponse } from 'node:http'
import type { JWTPayload } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { systemClock } from '../ports/clock/system.ts'
import { createGoogle } from '../ports/oauth/google.ts'
import { CLIENT_ID, startProvider, type Mutation, type Provider } from '../ports/oauth/testing/provider.ts'
import { useWebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'
import { FORGED, wellSigned } from './testing/forged-tokens.ts'
import { aVisitor } from './testing/visitor.ts'

const world = useWorld()
let provider: Provider
beforeAll(async () => {
  provider = await startProvider()
})
const web = useWebServer(world, {
  // Keys are asked for anew by each, so that an answer about keys matters too.
  oauth: ({ baseUrl }) => {
    const open = () => createGoogle({ ...provider.settings(`${baseUrl}/oauth2/callback`), ...common })
    return {
      authorizationUrl: (attempt) => open().authorizationUrl(attempt),
      identify: async (brought, attempt) => open().identify(brought, attempt),
    }
  },
})
afterAll(async () => provider.stop())

const common = { clock: systemClock, timeoutMs: 1_000 }
const EMAIL = 'mallory@example.com'
const holder = { subject: 'mallory', email: EMAIL, name: 'Mallory' }
const seconds = (offset: number): number => Math.floor(systemClock.nowMs() / 1000) + offset

/** What the provider would say, with some of it changed; undefined takes a claim away. */
const claimsFor = (nonce: string | null, changes: object = {}): JWTPayload => ({
  ...{ iss: provider.url, aud: CLIENT_ID, azp: CLIENT_ID, sub: 'mallory', email: EMAIL, nonce: nonce ?? '' },
  ...{ email_verified: true, name: 'Mallory', iat: seconds(0), exp: seconds(3_600) },
  ...changes,
})

interface Case {
  readonly code: string
  /** Given what the browser was sent away with. */
  readonly mutation: (sent: URLSearchParams) => Promise<Mutation>
}

const PS256 = 'signed by another algorithm with the right key (PS256)'
const REFUSED = 'SIGN_IN_REFUSED'
const AWAY = 'SIGN_IN_UNAVAILABLE'

function answering(body: unknown, status = 200): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}
const tokenAnswer = (id_token: unknown): Mutation => ({
  instead: { '/token': answering({ access_token: 'a', token_type: 'Bearer', id_token }) },
})

/** Some claims need the time, or the address of the provider. */
const late = (changes: () => object, code = REFUSED): Case => ({
  code,
  mutation: async (sent) => {
    return tokenAnswer(await wellSigned(claimsFor(sent.get('nonce'), changes()), provider.issuer))
  },
})
const claim = (changes: object, code = REFUSED): Case => late(() => changes, code)
const endpoint = (
  path: '/token' | '/jwks',
  instead: (response: ServerResponse) => void,
  code = AWAY,
): Case => ({
  code,
  mutation: async () => ({ instead: { [path]: instead } }),
})
const redirecting = (response: ServerResponse): void =>
  void response.writeHead(307, { location: `${provider.url}/elsewhere` }).end()
const slow = (response: ServerResponse): void => void response.writeHead(200).write('{"access_token":')
const huge = (response: ServerResponse): void => void response.writeHead(200).end(`"${'x'.repeat(200_000)}"`)
const cut = (response: ServerResponse): void => void response.destroy()

/** Keys that do not say by which algorithm they sign: then it is ours to say. */
const withoutAlgorithm = (): ((response: ServerResponse) => void) =>
  answering({ keys: provider.issuer.keys.toJSON().map((jwk) => ({ ...jwk, alg: undefined })) })

const CASES: Record<string, Case> = {
  ...Object.fromEntries(
    Object.entries(FORGED).map(([name, sign]): [string, Case] => [
      `a token ${name}`,
      {
        code: REFUSED,
        mutation: async (sent) => tokenAnswer(await sign(claimsFor(sent.get('nonce')), provider.issuer)),
      },
    ]),
  ),
  'a token signed by another algorithm, by a key that names none': {
    code: REFUSED,
    mutation: async (sent) => {
      const sign = FORGED[PS256] ?? wellSigned
      const { instead } = tokenAnswer(await sign(claimsFor(sent.get('nonce')), provider.issuer))
      return { instead: { ...instead, '/jwks': withoutAlgorithm() } }
    },
  },
  'another issuer': claim({ iss: 'https://evil.example' }),
  'an issuer that begins alike': late(() => ({ iss: `${provider.url}.evil.example` })),
  'no issuer': claim({ iss: undefined }),
  'another audience': claim({ aud: 'other.apps.example.com' }),
  'several audiences': claim({ aud: [CLIENT_ID, 'other.apps.example.com'] }),
  'no audience': claim({ aud: undefined }),
  'another client it was given to (azp)': claim({ azp: 'other.apps.example.com' }),
  'the nonce of another sign-in': claim({ nonce: 'x'.repeat(43) }),
  'no nonce': claim({ nonce: undefined }),
  'a nonce that is no text': claim({ nonce: 1 }),
  'its end two minutes ago': late(() => ({ exp: seconds(-120) }), 'SIGN_IN_CLOCK'),
  'no end': claim({ exp: undefined }),
  'an end that is no number': claim({ exp: 'tomorrow' }),
  'made in two minutes': late(() => ({ iat: seconds(120) }), 'SIGN_IN_CLOCK'),
  'made an hour ago': late(() => ({ iat: seconds(-3_600) }), 'SIGN_IN_CLOCK'),
  'never made': claim({ iat: undefined }),
  'not good before an hour from now': late(() => ({ nbf: seconds(3_600) }), 'SIGN_IN_CLOCK'),
  'no subject': claim({ sub: undefined }),
  'an empty subject': claim({ sub: '' }),
  'a subject without end': claim({ sub: 'x'.repeat(300) }),
  'an address that is not verified': claim({ email_verified: false }, 'EMAIL_UNVERIFIED'),
  'an address that is verified by a word': claim({ email_verified: 'true' }, 'EMAIL_UNVERIFIED'),
  'an address of which nothing is said': claim({ email_verified: undefined }, 'EMAIL_UNVERIFIED'),
  'no address': claim({ email: undefined }),
  'an address that is none': claim({ email: 'mallory' }),
  'no token': { code: AWAY, mutation: async () => tokenAnswer(undefined) },
  'a token that is no text': { code: AWAY, mutation: async () => tokenAnswer({ sub: 'mallory' }) },
  'the refusal of a code': endpoint('/token', answering({ error: 'invalid_grant' }, 400), REFUSED),
  'the refusal of our client': endpoint('/token', answering({ error: 'invalid_client' }, 401)),
  'tokens: an error of its own': endpoint('/token', answering({ error: 'oops' }, 500)),
  'tokens: no JSON': endpoint('/token', answering('<html>')),
  'tokens: a list': endpoint('/token', answering('[]')),
  'tokens: null': endpoint('/token', answering('null')),
  'tokens: nothing': endpoint('/token', answering('')),
  'tokens: too much': endpoint('/token', huge),
  'tokens: no end': endpoint('/token', slow),
  'tokens: elsewhere': endpoint('/token', redirecting),
  'tokens: a cut connection': endpoint('/token', cut),
  'keys: an error of its own': endpoint('/jwks', answering({}, 500)),
  'keys: no JSON': endpoint('/jwks', answering('<html>')),
  'keys: none': endpoint('/jwks', answering({ keys: [] }), REFUSED),
  'keys: too much': endpoint('/jwks', huge),
  'keys: no end': endpoint('/jwks', slow),
  'keys: elsewhere': endpoint('/jwks', redirecting),
}

/** Signs in while the provider answers so; says where the browser is sent, and whether it has a session. */
async function signInDuring(mutate: Case['mutation']): Promise<{ to: URL; hasSession: boolean }> {
  const visitor = aVisitor()
  const login = await visitor.visit(`${web.url}/login?redirect=/templates`)
  const sent = new URL(login.headers.get('location') ?? '')
  const query = await provider.consent(sent, holder)
  provider.misbehave(await mutate(sent.searchParams))
  provider.asked()
  const back = await visitor.visit(
    `${web.url}/oauth2/callback?${new URLSearchParams({ ...query }).toString()}`,
  )
  provider.misbehave({})
  return { to: new URL(back.headers.get('location') ?? '', web.url), hasSession: visitor.jar.has('session') }
}

it('tries at least forty of them', () => {
  expect(Object.keys(CASES).length).toBeGreaterThanOrEqual(40)
})

it.each(Object.entries(CASES))('signs nobody in by %s', async (_, { code, mutation }) => {
  const { to, hasSession } = await signInDuring(mutation)
  expect(hasSession).toBe(false)
  expect([to.pathname, to.searchParams.get('problem')]).toEqual(['/sign-in', code])
  expect(await world.db.prisma.user.count({ where: { email: EMAIL } })).toBe(0)
  expect(provider.asked()).not.toContain('/elsewhere')
})

it('signs somebody in by the same answers where nothing is changed', async () => {
  const honest = [
    async () => ({}),
    async (sent: URLSearchParams) =>
      tokenAnswer(await wellSigned(claimsFor(sent.get('nonce')), provider.issuer)),
  ]
  for (const mutation of honest) {
    const { to, hasSession } = await signInDuring(mutation)
    expect([to.pathname, hasSession]).toEqual(['/templates', true])
  }
})
