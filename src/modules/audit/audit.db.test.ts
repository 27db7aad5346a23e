import { beforeEach, expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { aMember, aTenant, type Tenant } from '../../testing/builders.ts'
import { useWebServer } from '../../testing/web-server.ts'
import { useWorld, type Api } from '../../testing/world.ts'
import { EXPORT_FORMATS } from './export-formats.ts'
import type { AuditEntry } from './schema.ts'

const world = useWorld()
const web = useWebServer(world)
let tenant: Tenant
let api: Api

beforeEach(async () => {
  tenant = await aTenant(world.db)
  api = await world.as(tenant.userId)
  await world.db.prisma.auditEvent.createMany({ data: rows() })
})

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute))
const [ada, key, dep] = [newId('usr'), newId('key'), newId('dep')]
const COUNT = 12

/** So many, two of which are of the same instant; every third is a key's. */
const rows = () =>
  Array.from({ length: COUNT }, (_, n) => ({
    id: newId('aud'),
    orgId: tenant.orgId,
    at: at(n === 5 ? 4 : n),
    actorKind: n % 3 === 0 ? 'api_key' : 'user',
    actorId: n % 3 === 0 ? key : ada,
    onBehalfOfId: n % 3 === 0 ? ada : null,
    actorName: '=HYPERLINK("http://evil.example")',
    action: n % 2 === 0 ? 'deployment:update' : 'deployment:restart',
    targetId: n < 3 ? dep : newId('dep'),
    targetName: 'My "stack"\nof two lines',
    changes: { replicas: { from: n, to: n + 1 } },
  }))
const made = new Date(Date.UTC(2026, 0, 2)).toISOString()

it('gives all of an organisation, newest first, each row once over the pages', async () => {
  const seen: AuditEntry[] = []
  for (let cursor: string | undefined; ;) {
    const page = await api.audit.list({ orgId: tenant.orgId, limit: 5, ...(cursor ? { cursor } : {}) })
    seen.push(...page.items)
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  // And the row of the organisation's own beginning.
  expect(seen).toHaveLength(COUNT + 1)
  expect(new Set(seen.map(({ id }) => id)).size).toBe(COUNT + 1)
  expect(seen.map((entry) => entry.at)).toEqual(
    seen
      .map((entry) => entry.at)
      .toSorted()
      .toReversed(),
  )
})

it.each([
  { filter: { actorId: ada }, count: COUNT },
  { filter: { actorId: key }, count: 4 },
  { filter: { action: 'deployment:restart' }, count: 6 },
  { filter: { targetId: dep }, count: 3 },
  { filter: { from: at(4).toISOString(), to: at(6).toISOString() }, count: 2 },
  { filter: { from: at(0).toISOString(), to: made, action: 'deployment:update', actorId: key }, count: 2 },
])('filters by $filter', async ({ filter, count }) => {
  expect((await api.audit.list({ orgId: tenant.orgId, ...filter })).items).toHaveLength(count)
})

it('gives one row with all that it tells', async () => {
  const [first] = (await api.audit.list({ orgId: tenant.orgId, targetId: dep })).items
  const entry = await api.audit.get({ orgId: tenant.orgId, auditId: first?.id ?? '' })
  expect(entry).toEqual(first)
  expect(entry).toMatchObject({ changes: { replicas: { from: 2, to: 3 } }, actor: { kind: 'user', id: ada } })
})

const download = async (format: string, query = '', userId = tenant.userId): Promise<Response> =>
  web.fetch(`/api/orgs/${tenant.orgId}/audit.${format}${query}`, { cookie: await web.cookieOf(userId) })

it('exports as JSON lines what the list gives', async () => {
  const answer = await download('jsonl', `?actorId=${ada}`)
  expect(answer.headers.get('content-type')).toContain('application/jsonl')
  expect(answer.headers.get('content-disposition')).toContain(`audit-${tenant.orgId}.jsonl`)
  const lines = (await answer.text()).trimEnd().split('\n')
  const { items } = await api.audit.list({ orgId: tenant.orgId, actorId: ada })
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(items)
})

it('exports as CSV, in which no name becomes a formula', async () => {
  const text = await (await download('csv', `?targetId=${dep}`)).text()
  const [head, first] = text.split('\r\n')
  expect(head).toMatch(/^"at","id","actor_kind"/)
  expect(first).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
  expect(first).toContain('"My ""stack""\nof two lines"')
  expect(text.split('\r\n')).toHaveLength(5)
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('makes a cell %j harmless', (actorName) => {
  const entry = { actor: { kind: 'user', id: null, name: actorName }, changes: {}, detail: {} }
  expect(EXPORT_FORMATS.csv.line(entry as unknown as AuditEntry)).toContain(`"'${actorName}"`)
})

it('gives more than a page of it, and nothing to who may not read it', async () => {
  const many = Array.from({ length: 1_100 }, () => rows().slice(0, 1)).flat()
  await world.db.prisma.auditEvent.createMany({ data: many })
  const text = await (await download('jsonl')).text()
  const ids = text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as AuditEntry).id)
  expect(new Set(ids).size).toBe(COUNT + 1 + 1_100)
  const member = await aMember(world.db, tenant, { team: 'team_admin' })
  expect((await download('csv', '', member)).status).toBe(403)
  expect((await download('csv', '', (await aTenant(world.db)).userId)).status).toBe(404)
})
