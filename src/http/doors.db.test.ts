/** Every address that the server answers is declared here with who may ask it; an undeclared one fails. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'

import type { Action } from '../contract/policy.ts'
import { aGrid, expectedOf, type Grid, type GridCaller } from '../testing/grid.ts'
import { declaredProcedures } from '../testing/procedures.ts'
import { useWebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'

const doors: string[] = []
const onServer = (message: unknown): void => {
  const { fastify } = message as { fastify: FastifyInstance }
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) doors.push(`${each} ${url}`)
  })
}
subscribe('fastify.initialization', onServer)

const world = useWorld()
const web = useWebServer(world)
let grid: Grid

beforeAll(async () => {
  grid = await aGrid(world)
})
afterAll(() => unsubscribe('fastify.initialization', onServer))

/** For whoever asks: they tell nothing of a tenant. */
const FOR_ANYONE = [
  'GET /health',
  'GET /readyz',
  'GET /api/config',
  'GET /metrics',
  'GET /login',
  'POST /logout',
  'GET /dev/login',
  'GET /*',
]

/** What shows who speaks by a signature (`stripe-webhook.db.test.ts`). */
const BY_SIGNATURE = ['POST /stripe/webhook']

/** What the router of procedures answers: each of them declares its right, and `grid.db.test.ts` asks them all. */
const PROCEDURES = '/trpc/:path'

interface Door {
  readonly can: Action
  /** Asks for what is refused once the right is there, so that nothing streams. */
  readonly path: (at: { orgId: string; id: string }) => string
}

const BEHIND_A_RIGHT: Record<string, Door> = {
  'GET /api/deployments/:id/logs': {
    can: 'log:read',
    path: ({ id }) => `/api/deployments/${id}/logs?tail=many`,
  },
  'GET /api/deployments/:id/exec': {
    can: 'exec:open',
    path: ({ id }) => `/api/deployments/${id}/exec?columns=many`,
  },
  'GET /api/orgs/:orgId/audit.csv': {
    can: 'audit:read',
    path: ({ orgId }) => `/api/orgs/${orgId}/audit.csv?actorId=many`,
  },
  'GET /api/orgs/:orgId/audit.jsonl': {
    can: 'audit:read',
    path: ({ orgId }) => `/api/orgs/${orgId}/audit.jsonl?actorId=many`,
  },
  'GET /api/orgs/:orgId/usage.csv': {
    can: 'usage:read',
    path: ({ orgId }) => `/api/orgs/${orgId}/usage.csv?month=many`,
  },
}

it('declares every door', () => {
  const open = doors.filter((door) => !door.startsWith('HEAD ') && !door.endsWith(PROCEDURES))
  expect([...new Set(open)].toSorted()).toEqual(
    [...FOR_ANYONE, ...BY_SIGNATURE, ...Object.keys(BEHIND_A_RIGHT)].toSorted(),
  )
  expect(doors.filter((door) => door.endsWith(PROCEDURES)).length).toBeGreaterThan(0)
})

const headersOf = ({ credentials }: GridCaller): Record<string, string> => {
  if (!credentials) return {}
  if (credentials.kind === 'api_key') return { authorization: `Bearer ${credentials.key}` }
  if (credentials.kind === 'known_session') throw new Error('No request shows that.')
  return { cookie: `session=${credentials.token}`, 'sec-fetch-site': 'same-origin' }
}

async function codeOf(path: string, caller: GridCaller, init: RequestInit = {}): Promise<string> {
  const headers = { ...headersOf(caller), ...(init.headers as Record<string, string> | undefined) }
  const answer = await web.fetch(path, { ...init, headers, signal: AbortSignal.timeout(10_000) })
  keepRenewed(caller, answer.headers.get('set-cookie'))
  return /"code":"([A-Z_]+)"/.exec(await answer.text())?.[1] ?? String(answer.status)
}

/** The same of a handshake, which a page of ours makes. */
async function handshakeCodeOf(path: string, caller: GridCaller): Promise<string> {
  const headers = { ...headersOf(caller), origin: web.url }
  const socket = new WebSocket(`${web.url.replace('http', 'ws')}${path}`, { headers })
  socket.on('error', () => undefined)
  return new Promise((resolve, reject) => {
    socket.once('open', () => reject(new Error('It was opened.')))
    socket.once('unexpected-response', (_, response) => {
      keepRenewed(caller, response.headers['set-cookie']?.[0] ?? null)
      text(response)
        .then((body) => resolve(/"code":"([A-Z_]+)"/.exec(body)?.[1] ?? String(response.statusCode)))
        .catch(reject)
    })
  })
}

/** As a browser does with the cookie that it is sent. */
function keepRenewed({ credentials }: GridCaller, cookie: string | null): void {
  const token = /^session=(\w+)/.exec(cookie ?? '')?.[1]
  if (token !== undefined && credentials?.kind === 'session') Object.assign(credentials, { token })
}

const LOOKED_AT = 'INVALID_INPUT'
let cells = 0

const DOORS = Object.entries(BEHIND_A_RIGHT).map(([name, door]) => [name, door, codeOf] as const)
const HANDSHAKES = DOORS.filter(([name]) => name.endsWith('/exec')).map(
  ([name, door]) => [`${name} as a WebSocket`, door, handshakeCodeOf] as const,
)

it.each([...DOORS, ...HANDSHAKES])('%s answers everybody as the table says', async (_, door, ask) => {
  const wrong: string[] = []
  for (const [name, caller] of Object.entries(grid.callers)) {
    for (const [at, place] of Object.entries(grid.places)) {
      const expected = expectedOf(caller, door.can, place)
      const code = await ask(door.path(place), caller)
      cells += 1
      if (code !== (expected === 'allowed' ? LOOKED_AT : expected)) {
        wrong.push(`${name}, ${at}: ${code} instead of ${expected}`)
      }
    }
  }
  expect(wrong).toEqual([])
})

const CALLERS = ['nobody', 'viewer', 'org_owner', 'removed member', 'revoked key'] as const
const KEYS = ['key with deployments:read', 'key with secrets:write', 'key of a developer'] as const

/** The place as the procedure names it, and something that no procedure takes. */
function badInput(inputs: (typeof declaredProcedures)[number][1]['inputs']): string {
  const [name = ''] = Object.keys(inputs[0]?.shape ?? {})
  const place: Record<string, unknown> = { ...grid.places.own }
  return JSON.stringify({ ...(name in place ? { [name]: place[name] } : {}), somethingUnknown: true })
}

const asMutation = (body: string): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json' },
})

it.each(declaredProcedures)(
  '%s answers over HTTP as the table says',
  async (path, { type, meta, inputs }) => {
    const input = badInput(inputs)
    const looked = inputs.length === 0 ? '200' : LOOKED_AT
    const answers: string[] = []
    const table: string[] = []
    for (const each of [...CALLERS, ...KEYS]) {
      const caller = grid.callers[each] ?? {}
      const expected = meta.can === 'anyone' ? 'allowed' : expectedOf(caller, meta.can, grid.places.own)
      table.push(`${each}: ${expected === 'allowed' ? looked : expected}`)
      const code =
        type === 'mutation'
          ? await codeOf(`/trpc/${path}`, caller, asMutation(input))
          : await codeOf(`/trpc/${path}?input=${encodeURIComponent(input)}`, caller)
      answers.push(`${each}: ${code}`)
    }
    expect(answers).toEqual(table)
  },
)

it('has asked many', () => {
  expect(cells).toBeGreaterThan(400)
})
