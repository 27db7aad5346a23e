import { beforeAll, describe, expect, it } from 'vitest'

import { newId } from '../contract/ids.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { deployed } from '../testing/deploy.ts'
import { useWebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'

const world = useWorld()
const web = useWebServer(world)
const proxied = useWebServer(world, { env: { TRUSTED_PROXIES: '127.0.0.1', DEV_MODE: 'true' } })
const strict = useWebServer(world, { env: { DEV_MODE: 'false' } })
const withGoogle = useWebServer(world, { oauth: () => world.oauth })

let tenant: Tenant
let cookie: string
beforeAll(async () => {
  tenant = await aTenant(world.db)
  cookie = await web.cookieOf(tenant.userId)
})

const json = { 'content-type': 'application/json' }
const post = async (
  path: string,
  body: unknown,
  init: { headers?: Record<string, string>; cookie?: string } = {},
) =>
  web.fetch(path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    cookie,
    ...init,
    headers: { ...json, ...init.headers },
  })
const query = (input: unknown): string => encodeURIComponent(JSON.stringify(input))

interface Refusal {
  error: { data: { code: string; sentence: string; requestId: string; status: number; fields?: unknown[] } }
}
const refusalOf = async (response: Response) => ((await response.json()) as Refusal).error.data

it('says that it lives, that it is ready, and what it can do', async () => {
  expect((await web.fetch('/health')).status).toBe(200)
  expect(await (await web.fetch('/readyz')).json()).toMatchObject({
    status: 'ready',
    parts: { database: { isHealthy: true }, vault: { isHealthy: true } },
  })
  expect(await (await web.fetch('/api/config')).json()).toMatchObject({
    signIn: { dev: true, google: false },
  })
})

it('offers Google only where it is configured; elsewhere the page says what there is', async () => {
  expect(await (await withGoogle.fetch('/api/config')).json()).toMatchObject({ signIn: { google: true } })
  const login = await web.fetch('/login?redirect=/templates')
  expect(login.headers.get('location')).toBe('/sign-in?redirect=%2Ftemplates')
  expect((await web.fetch('/oauth2/callback?code=a&state=b')).status).toBe(404)
})

describe('on every answer', () => {
  const answers: [string, () => Promise<Response>][] = [
    ['the page', async () => web.fetch('/', { headers: { accept: 'text/html' } })],
    ['a file', async () => web.fetch('/assets/index-B4xq.js')],
    ['nothing there', async () => web.fetch('/api/nothing')],
    ['a procedure', async () => web.fetch('/trpc/auth.me', { cookie })],
    ['a refusal', async () => web.fetch('/trpc/auth.me')],
    ['a redirect', async () => web.fetch('/login')],
    ['a body that cannot be read', async () => post('/trpc/deployments.create', '{')],
  ]

  it.each(answers)(
    '%s: a policy without inline scripts, no frames, no sniffing, a request id',
    async (_, ask) => {
      const { headers } = await ask()
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("script-src 'self';")
      expect(policy).not.toContain('unsafe')
      expect(policy).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('x-request-id')).toMatch(/^req_[a-z2-7]{25}$/)
    },
  )
})

it('sends the answer of a procedure in one piece, with its length, and a stream as it comes', async () => {
  const length = ({ headers }: Response): number => Number(headers.get('content-length'))
  for (const path of ['/trpc/auth.me', `/trpc/auth.me,auth.me?batch=1&input=${query({})}`]) {
    const answer = await web.fetch(path, { cookie })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(length(answer)).toBe((await answer.text()).length)
    const refusal = await web.fetch(path)
    expect([refusal.status, length(refusal)]).toEqual([401, (await refusal.text()).length])
  }
  const stop = new AbortController()
  const watched = `/trpc/deployments.onChange?input=${query({ teamId: tenant.teamId })}`
  const stream = await web.fetch(watched, { cookie, signal: stop.signal })
  expect(stream.headers.get('content-length')).toBeNull()
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  stop.abort()
})

describe('signing in for development', () => {
  it('gives a cookie that no script reads, and a new one each time', async () => {
    const tokens = new Set<string>()
    for (let i = 0; i < 2; i++) {
      const response = await web.fetch('/dev/login?email=new@example.com&redirect=/templates')
      expect(response.status).toBe(303)
      expect(response.headers.get('location')).toBe('/templates')
      const set = response.headers.get('set-cookie') ?? ''
      expect(set).toMatch(/^session=[a-z2-7]{40};.*HttpOnly.*SameSite=Lax/)
      tokens.add(set)
    }
    expect(tokens.size).toBe(2)
    const people = await world.db.prisma.user.findMany({
      where: { email: 'new@example.com' },
      include: { orgMembers: true },
    })
    expect(people).toMatchObject([{ orgMembers: [{ role: 'org_owner' }] }])
  })

  it('is over when one signs out', async () => {
    const own = await web.cookieOf(tenant.userId)
    expect((await web.fetch('/trpc/auth.me', { cookie: own })).status).toBe(200)
    const response = await web.fetch('/logout', { method: 'POST', cookie: own })
    expect(response.status).toBe(303)
    expect(response.headers.get('set-cookie')).toMatch(/session=;/)
    expect((await web.fetch('/trpc/auth.me', { cookie: own })).status).toBe(401)
  })

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a b', 'javascript:alert(1)'])(
    'leads to no other site: %s',
    async (redirect) => {
      for (const path of ['/dev/login', '/login']) {
        const response = await web.fetch(`${path}?redirect=${encodeURIComponent(redirect)}`)
        expect(response.status).toBe(400)
        expect(response.headers.get('location')).toBeNull()
      }
    },
  )

  it('is not there without DEV_MODE', async () => {
    const response = await strict.fetch('/dev/login?email=a@example.com')
    expect(response.status).toBe(404)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  it('refuses what is no address', async () => {
    const response = await web.fetch('/dev/login?email=nobody')
    expect(await response.json()).toMatchObject({ code: 'INVALID_INPUT', status: 400 })
  })
})

describe('a request with the cookie', () => {
  const create = async (headers: Record<string, string>) =>
    fetch(`${web.url}/trpc/teams.setCurrent`, {
      method: 'POST',
      headers: { ...json, cookie, ...headers },
      body: JSON.stringify({ teamId: tenant.teamId }),
    })

  it('is taken from our own pages', async () => {
    expect((await create({ origin: web.url })).status).toBe(200)
    expect((await create({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    {},
  ])('is refused from elsewhere: %o', async (headers) => {
    const response = await create(headers as unknown as Record<string, string>)
    expect(response.status).toBe(403)
    expect(await refusalOf(response)).toMatchObject({ code: 'ORIGIN_REFUSED' })
  })

  it('is refused as a simple form, and by an override of the method', async () => {
    const form = await fetch(`${web.url}/trpc/teams.setCurrent`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', cookie, origin: web.url },
      body: JSON.stringify({ teamId: tenant.teamId }),
    })
    expect(form.status).toBe(415)
    const override = await web.fetch(`/trpc/teams.setCurrent?input=${query({ teamId: tenant.teamId })}`, {
      cookie,
    })
    expect(override.status).toBe(405)
  })
})

describe('bad input', () => {
  it.each(['{', '[', 'null', '"x"', '{"teamId":{"$ne":1}}', '{"__proto__":{"a":1}}', '\u0000'])(
    'that is no form is refused without internals: %s',
    async (body) => {
      const response = await post('/trpc/deployments.create', body)
      expect(response.status).toBe(400)
      const text = await response.text()
      expect(text).toContain('INVALID_INPUT')
      expect(text).not.toMatch(/at \w+ \(|node_modules|\.ts:|ZodError|SyntaxError|TRPCError/)
    },
  )

  it('of more calls than fit into one batch is refused', async () => {
    const names = Array.from({ length: 21 }, () => 'auth.me').join(',')
    const response = await web.fetch(`/trpc/${names}?batch=1&input=${query({})}`, { cookie })
    expect(response.status).toBe(400)
    const twenty = Array.from({ length: 20 }, () => 'auth.me').join(',')
    expect((await web.fetch(`/trpc/${twenty}?batch=1&input=${query({})}`, { cookie })).status).toBe(200)
  })

  it('for a procedure that is not there', async () => {
    expect(await refusalOf(await web.fetch('/trpc/deployments.explode', { cookie }))).toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it.each(['../../etc', 'dep_x', '%00', 'dep_%2e%2e'])('in the address of a log: %s', async (id) => {
    const response = await web.fetch(`/api/deployments/${encodeURIComponent(id)}/logs`, { cookie })
    expect([400, 404]).toContain(response.status)
  })
})

it('shows nothing of an error that nobody thought of, but its request id', async () => {
  const real = world.deps.db.all
  Object.assign(world.deps.db, {
    all: async () => {
      throw new Error('password=hunter2 at 10.0.0.7')
    },
  })
  try {
    const response = await web.fetch(`/trpc/deployments.list?input=${query({ teamId: tenant.teamId })}`, {
      cookie,
    })
    expect(response.status).toBe(500)
    const text = await response.clone().text()
    expect(text).not.toContain('hunter2')
    expect((await refusalOf(response)).requestId).toBe(response.headers.get('x-request-id'))
  } finally {
    Object.assign(world.deps.db, { all: real })
  }
})

it('lets nobody but this machine see its measurements', async () => {
  const response = await web.fetch('/metrics')
  expect(await response.text()).toContain('shipyard_http_request_seconds')
  expect((await proxied.fetch('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(
    404,
  )
  expect((await web.fetch('/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(404)
})

it('counts attempts to sign in by address', async () => {
  const attempt = async (from: string) =>
    proxied
      .fetch('/login?redirect=/templates', { headers: { 'x-forwarded-for': from } })
      .then(({ headers }) => new URL(headers.get('location') ?? '', web.url).searchParams)
  const answers = await Promise.all(Array.from({ length: 31 }, async () => attempt('203.0.113.7')))
  const refused = answers.filter((answer) => answer.get('problem') === 'RATE_LIMITED')
  expect(refused).toHaveLength(1)
  // The page says when to try again, and leads to where one wanted to be.
  expect(refused[0]?.get('redirect')).toBe('/templates')
  expect(refused[0]?.get('wait')).toMatch(/^([1-9]|[1-5]\d|60)$/)
  expect((await attempt('203.0.113.8')).get('problem')).toBeNull()
})

it('refuses the log of what is not one’s own as if it were not there', async () => {
  const id = await deployed(world, tenant)
  const stranger = await aTenant(world.db)
  const foreign = await web.fetch(`/api/deployments/${id}/logs?tail=nonsense`, {
    cookie: await web.cookieOf(stranger.userId),
  })
  const absent = await web.fetch(`/api/deployments/${newId('dep')}/logs`, { cookie })
  expect([foreign.status, absent.status]).toEqual([404, 404])
  const bodies = [await foreign.json(), await absent.json()] as { requestId: string }[]
  expect({ ...bodies[0], requestId: '' }).toEqual({ ...bodies[1], requestId: '' })
  expect((await web.fetch(`/api/deployments/${id}/logs`)).status).toBe(401)
  expect((await web.fetch(`/api/deployments/${id}/logs?tail=nonsense`, { cookie })).status).toBe(400)
})
