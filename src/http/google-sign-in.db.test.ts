/** Signing in by an issuer, from the first click to the session, and every way of coming back in vain. */
import { expect, it } from 'vitest'

import { randomBase32 } from '../contract/ids.ts'
import { useWebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'
import { aVisitor, type Visitor } from './testing/visitor.ts'

const world = useWorld()
const web = useWebServer(world, { oauth: () => world.oauth })
const other = useWebServer(world, { oauth: () => world.oauth })

const holder = (given: object = {}) => {
  const subject = randomBase32(12)
  return { subject, email: `${subject}@example.com`, name: 'Ada', ...given }
}

/** Clicks on the button and allows it; answers with the address to come back to. */
async function wayBack(visitor: Visitor, who = holder(), redirect = '/templates'): Promise<string> {
  const login = await visitor.visit(`${web.url}/login?redirect=${encodeURIComponent(redirect)}`)
  expect(login.status).toBe(303)
  const query = world.oauth.consent(new URL(login.headers.get('location') ?? ''), who)
  return `${web.url}/oauth2/callback?${new URLSearchParams({ ...query }).toString()}`
}

/** The code that stands in the address of the page for signing in. */
function problemOf(response: Response): string | null {
  expect(response.status).toBe(303)
  const { pathname, searchParams } = new URL(response.headers.get('location') ?? '', web.url)
  expect(pathname).toBe('/sign-in')
  expect(searchParams.get('request')).toBe(response.headers.get('x-request-id'))
  return searchParams.get('problem')
}

it('signs in who the issuer says it is, and leads to where one wanted to be', async () => {
  const visitor = aVisitor()
  const who = holder()
  const back = await visitor.visit(await wayBack(visitor, who, '/deployments/dep_a?tab=logs'))
  expect(back.headers.get('location')).toBe('/deployments/dep_a?tab=logs')
  expect([...visitor.jar.keys()]).toEqual(['session'])
  const cookie = `session=${visitor.jar.get('session')}`
  expect(await (await web.fetch('/trpc/auth.me', { cookie })).json()).toMatchObject({
    result: { data: { user: { email: who.email, name: 'Ada' } } },
  })
})

it('knows somebody by issuer and subject, whatever the address has become', async () => {
  const who = holder()
  for (const email of [who.email, `new-${who.email}`]) {
    const visitor = aVisitor()
    await visitor.visit(await wayBack(visitor, { ...who, email }))
    expect(visitor.jar.has('session')).toBe(true)
  }
  const accounts = await world.db.prisma.oAuthAccount.findMany({ where: { subject: who.subject } })
  expect(accounts).toHaveLength(1)
})

it('gives nobody the account of another one who has the same address', async () => {
  const who = holder()
  const [first, second] = [aVisitor(), aVisitor()]
  await first.visit(await wayBack(first, who))
  const answer = await second.visit(await wayBack(second, { ...holder(), email: who.email }))
  expect(problemOf(answer)).toBe('EMAIL_TAKEN')
  expect(second.jar.has('session')).toBe(false)
})

it('begins a new session each time, and ends the one before', async () => {
  const visitor = aVisitor()
  const who = holder()
  const tokens: string[] = []
  for (let time = 0; time < 2; time++) {
    await visitor.visit(await wayBack(visitor, who))
    tokens.push(visitor.jar.get('session') ?? '')
  }
  const [before = '', after = ''] = tokens
  expect(after).not.toBe(before)
  expect(await world.deps.sessions.validate(before)).toBeUndefined()
  expect(await world.deps.sessions.validate(after)).toBeDefined()
})

it('is carried out on another replica as well as on the one where it began', async () => {
  const visitor = aVisitor()
  const url = await wayBack(visitor)
  const answer = await visitor.visit(url.replace(web.url, other.url))
  expect(answer.headers.get('location')).toBe('/templates')
})

it('counts once, also when both replicas are asked at the same time', async () => {
  const visitor = aVisitor()
  const url = await wayBack(visitor)
  const again = (): Visitor => {
    const copy = aVisitor()
    for (const [name, value] of visitor.jar) copy.jar.set(name, value)
    return copy
  }
  const urls = Array.from({ length: 10 }, (_, at) => (at % 2 ? url : url.replace(web.url, other.url)))
  const answers = await Promise.all(urls.map(async (each) => again().visit(each)))
  const where = answers.map((answer) => answer.headers.get('location') ?? '')
  expect(where.filter((each) => each === '/templates')).toHaveLength(1)
  expect(where.filter((each) => each.includes('SIGN_IN_USED'))).toHaveLength(9)
})

it('keeps nothing in the database that could be presented', async () => {
  const visitor = aVisitor()
  const login = await visitor.visit(`${web.url}/login`)
  const sent = new URL(login.headers.get('location') ?? '').searchParams
  const rows = JSON.stringify(await world.db.prisma.signInAttempt.findMany())
  for (const secret of [visitor.jar.get('sign-in'), sent.get('state'), sent.get('nonce')]) {
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(rows).not.toContain(secret)
  }
})

it('uses nothing up when another site sends somebody here with a return of its own', async () => {
  const visitor = aVisitor()
  const url = await wayBack(visitor)
  const forged = await visitor.visit(`${web.url}/oauth2/callback?code=evil&state=${'a'.repeat(43)}`)
  expect(problemOf(forged)).toBe('SIGN_IN_FOREIGN')
  expect((await visitor.visit(url)).headers.get('location')).toBe('/templates')
})

type InVain = (visitor: Visitor, url: string) => Promise<Response>

const change = (url: string, changes: Record<string, string | null>): string => {
  const changed = new URL(url)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.searchParams.delete(name)
    else changed.searchParams.set(name, value)
  }
  return changed.href
}

/** What was the matter, the code, and how it comes about. */
const inVain: [string, string, InVain][] = [
  [
    'who said no',
    'SIGN_IN_DENIED',
    async (v, url) => v.visit(change(url, { code: null, error: 'access_denied' })),
  ],
  [
    'an issuer in trouble',
    'SIGN_IN_UNAVAILABLE',
    async (v, url) => v.visit(change(url, { error: 'server_error' })),
  ],
  ['no code', 'SIGN_IN_INCOMPLETE', async (v, url) => v.visit(change(url, { code: null }))],
  ['no state', 'SIGN_IN_INCOMPLETE', async (v, url) => v.visit(change(url, { state: null }))],
  ['two codes', 'SIGN_IN_INCOMPLETE', async (v, url) => v.visit(`${url}&code=b`)],
  [
    'a code without end',
    'SIGN_IN_INCOMPLETE',
    async (v, url) => v.visit(change(url, { code: 'x'.repeat(5_000) })),
  ],
  ['a mangled code', 'SIGN_IN_REFUSED', async (v, url) => v.visit(change(url, { code: '\u0000%' }))],
  ['a mangled state', 'SIGN_IN_FOREIGN', async (v, url) => v.visit(change(url, { state: 'x' }))],
  ['the browser of another', 'SIGN_IN_FOREIGN', async (_, url) => aVisitor().visit(url)],
  [
    'a cookie that is no handle',
    'SIGN_IN_FOREIGN',
    async (v, url) => {
      v.jar.set('sign-in', 'x'.repeat(3_000))
      return v.visit(url)
    },
  ],
  [
    'the sign-in of another in the same browser',
    'SIGN_IN_FOREIGN',
    async (v, url) => {
      await wayBack(v)
      return v.visit(url)
    },
  ],
  [
    'the button Back, with a cookie that was kept',
    'SIGN_IN_USED',
    async (v, url) => {
      const handle = v.jar.get('sign-in') ?? ''
      await v.visit(url)
      v.jar.set('sign-in', handle)
      return v.visit(url)
    },
  ],
  [
    'more than ten minutes',
    'SIGN_IN_EXPIRED',
    async (v, url) => {
      await world.db.prisma.signInAttempt.updateMany({ data: { expiresAt: new Date(0) } })
      return v.visit(url)
    },
  ],
  ['another issuer', 'SIGN_IN_REFUSED', async (v, url) => v.visit(`${url}&iss=https://evil.example`)],
  [
    'an issuer that is away',
    'SIGN_IN_UNAVAILABLE',
    async (v, url) => {
      world.oauth.setAway(true)
      return v.visit(url).finally(() => world.oauth.setAway(false))
    },
  ],
]

it.each(inVain)('says to %s: %s', async (_, code, comeBack) => {
  const visitor = aVisitor()
  const url = await wayBack(visitor)
  visitor.jar.delete('session')
  const answer = await comeBack(visitor, url)
  expect(problemOf(answer)).toBe(code)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.getSetCookie().filter((set) => /^session=[^;]/.test(set))).toEqual([])
  expect(await answer.text()).not.toMatch(/\.ts|Error|at /)
})

it('keeps where one wanted to be for the next attempt, where it may be known', async () => {
  const visitor = aVisitor()
  const url = await wayBack(visitor, holder(), '/invite')
  const answer = await visitor.visit(change(url, { code: null, error: 'access_denied' }))
  expect(new URL(answer.headers.get('location') ?? '', web.url).searchParams.get('redirect')).toBe('/invite')
})
