/** Requests with the answers that are expected: status, redirect, cookies and the headers that browsers act upon. */
import { beforeAll, describe, expect, it } from 'vitest'

import { aTenant } from '../testing/builders.ts'
import { useWebServer, type WebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'

const world = useWorld()
const oauth = () => world.oauth
/** As on a machine of one's own, and as people reach it behind TLS. */
const plain = useWebServer(world, { oauth })
const secure = useWebServer(world, {
  oauth,
  env: { BASE_URL: 'https://shipyard.example.com', DEV_MODE: 'true' },
})

let token = ''
beforeAll(async () => {
  token = await world.signIn((await aTenant(world.db)).userId)
})

const HANDLE = '[\\w-]{43}'
const TOKEN = '[a-z2-7]{40}'
const GOOGLE = /^https:\/\/issuer\.test\/authorize\?/

interface Row {
  readonly request: string
  readonly on: WebServer
  /** Shows the session's cookie. */
  readonly isSignedIn?: boolean
  readonly headers?: Record<string, string>
  readonly status: number
  readonly location?: string | RegExp
  /** Each cookie that is set, whole; none is unless told. */
  readonly cookies?: readonly RegExp[]
  readonly cacheControl?: string | null
}

const ours = { origin: 'https://shipyard.example.com' }
const json = { 'content-type': 'application/json' }
const evil = { origin: 'https://evil.example' }

const set = (name: string, value: string, seconds: number, rest: string): RegExp =>
  new RegExp(`^${name}=${value}; Max-Age=${seconds}; Path=/; HttpOnly;${rest} SameSite=Lax$`)
const cleared = (name: string, rest: string): RegExp =>
  new RegExp(
    `^${name}=; (Max-Age=0; )?Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly;${rest} SameSite=Lax$`,
  )

const ROWS: Row[] = [
  { request: 'GET /', on: secure, status: 200, cacheControl: 'no-cache' },
  {
    request: 'GET /assets/index-B4xq.js',
    on: secure,
    status: 200,
    cacheControl: 'public, max-age=31536000, immutable',
  },
  { request: 'GET /nothing.js', on: secure, status: 404, cacheControl: 'no-store' },
  { request: 'GET /health', on: secure, status: 200, cacheControl: null },
  { request: 'GET /api/config', on: secure, status: 200, cacheControl: null },
  { request: 'GET /api/nothing', on: secure, status: 404, cacheControl: 'no-store' },
  { request: 'GET /trpc/auth.me', on: secure, status: 401, cacheControl: 'no-store' },
  { request: 'GET /trpc/auth.me', on: secure, isSignedIn: true, status: 200, cacheControl: 'no-store' },
  {
    request: 'GET /trpc/auth.me',
    on: secure,
    isSignedIn: true,
    headers: evil,
    status: 403,
    cacheControl: 'no-store',
  },
  {
    request: 'OPTIONS /trpc/auth.me',
    on: secure,
    headers: { ...evil, 'access-control-request-method': 'POST' },
    status: 405,
    cacheControl: 'no-store',
  },
  {
    request: 'GET /trpc/sessions.revokeOthers',
    on: secure,
    isSignedIn: true,
    status: 405,
    cacheControl: 'no-store',
  },
  {
    request: 'POST /trpc/sessions.revokeOthers',
    on: secure,
    isSignedIn: true,
    headers: evil,
    status: 403,
    cacheControl: 'no-store',
  },
  {
    request: 'POST /trpc/sessions.revokeOthers',
    on: secure,
    isSignedIn: true,
    headers: { ...ours, 'content-type': 'text/plain' },
    status: 415,
    cacheControl: 'no-store',
  },
  {
    request: 'GET /login',
    on: plain,
    status: 303,
    location: GOOGLE,
    cookies: [set('sign-in', HANDLE, 600, '')],
    cacheControl: 'no-store',
  },
  {
    request: 'GET /login?redirect=/templates',
    on: secure,
    status: 303,
    location: GOOGLE,
    cookies: [set('__Host-sign-in', HANDLE, 600, ' Secure;')],
    cacheControl: 'no-store',
  },
  ...[
    '//evil.example',
    '/%5Cevil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/a%0d%0aSet-Cookie:x=y',
    '',
  ].flatMap((redirect): Row[] =>
    [
      `GET /login?redirect=${redirect}`,
      `GET /dev/login?redirect=${redirect}`,
      `POST /logout?redirect=${redirect}`,
    ].map((request) => ({
      request,
      on: secure,
      headers: ours,
      status: 400,
      cacheControl: 'no-store',
    })),
  ),
  {
    request: 'GET /oauth2/callback',
    on: secure,
    status: 303,
    location: /^\/sign-in\?problem=SIGN_IN_INCOMPLETE&request=req_[a-z2-7]{25}&redirect=%2F$/,
    cacheControl: 'no-store',
  },
  {
    request: 'GET /oauth2/callback?code=a&state=b',
    on: secure,
    status: 303,
    location: /^\/sign-in\?problem=SIGN_IN_FOREIGN&/,
    cacheControl: 'no-store',
  },
  {
    request: 'POST /oauth2/callback?code=a&state=b',
    on: secure,
    headers: ours,
    status: 404,
    cacheControl: 'no-store',
  },
  {
    request: 'GET /dev/login?email=a@example.com',
    on: plain,
    status: 303,
    location: '/',
    cookies: [set('session', TOKEN, 3600, '')],
    cacheControl: 'no-store',
  },
  {
    request: 'GET /dev/login?email=a@example.com&redirect=/templates',
    on: secure,
    status: 303,
    location: '/templates',
    cookies: [set('__Host-session', TOKEN, 3600, ' Secure;')],
    cacheControl: 'no-store',
  },
  { request: 'GET /logout', on: secure, status: 404, cacheControl: 'no-store' },
  {
    request: 'POST /logout',
    on: secure,
    isSignedIn: true,
    headers: evil,
    status: 403,
    cacheControl: 'no-store',
  },
  {
    request: 'POST /logout',
    on: secure,
    headers: ours,
    status: 303,
    location: '/',
    cookies: [cleared('__Host-session', ' Secure;')],
    cacheControl: 'no-store',
  },
  {
    request: 'POST /logout?redirect=/sign-in',
    on: plain,
    status: 303,
    location: '/sign-in',
    cookies: [cleared('session', '')],
    cacheControl: 'no-store',
  },
]

/** What a page of ours would send besides what the row says. */
function headersOf({ request, headers = {} }: Row): Record<string, string> {
  if (request === 'GET /') return { accept: 'text/html', ...headers }
  return request.includes(' /trpc/') ? { ...json, ...headers } : headers
}

async function ask(row: Row): Promise<Response> {
  const [method = '', path = ''] = row.request.split(' ')
  const name = row.on === secure ? '__Host-session' : 'session'
  return row.on.fetch(path, {
    ...(method === 'GET' ? {} : { method }),
    ...(row.isSignedIn ? { cookie: `${name}=${token}` } : {}),
    ...(row.request.startsWith('POST /trpc/') ? { body: '{}' } : {}),
    headers: headersOf(row),
  })
}

const titled = ROWS.map((row): [string, Row] => [
  `${row.request}${row.isSignedIn ? ' with a session' : ''}${row.headers?.['origin'] === evil.origin ? ' from another site' : ''}`,
  row,
])

const patternOf = (location: string | RegExp): RegExp =>
  typeof location === 'string' ? new RegExp(`^${RegExp.escape(location)}$`) : location

it.each(titled)('%s is answered as the table says', async (_, row) => {
  const answer = await ask(row)
  expect(answer.status).toBe(row.status)
  expect(answer.headers.get('location') ?? 'nowhere').toMatch(patternOf(row.location ?? 'nowhere'))
  const cookies = answer.headers.getSetCookie()
  expect(cookies).toEqual((row.cookies ?? []).map((each) => expect.stringMatching(each) as unknown))
  expect(answer.headers.get('cache-control')).toBe(row.cacheControl ?? null)
})

/** By name, on every answer behind TLS, whatever it is. */
const HEADERS = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'content-security-policy': expect.stringMatching(
    /^default-src 'none';script-src 'self';style-src 'self';.*base-uri 'none';object-src 'none';form-action 'self';frame-ancestors 'none'$/,
  ) as unknown,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'x-request-id': expect.stringMatching(/^req_[a-z2-7]{25}$/) as unknown,
}

describe('behind TLS', () => {
  it.each(titled.filter(([, { on }]) => on === secure))(
    '%s has the headers that browsers protect people by, and shares nothing with other sites',
    async (_, row) => {
      const { headers } = await ask(row)
      expect(Object.fromEntries(headers)).toMatchObject(HEADERS)
      const shared = [...headers.keys()].filter((name) => name.startsWith('access-control-'))
      expect(shared).toEqual([])
      expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull()
    },
  )
})

it('asks for no TLS where there is none', async () => {
  const { headers } = await plain.fetch('/health')
  expect(headers.get('strict-transport-security')).toBeNull()
})
