import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, openCluster, throughTraefik } from '../fixtures/cluster.ts'
import { deploy, openTab, pickTemplate, signIn, untilPhase, useBrowser } from '../fixtures/dashboard.ts'
import { useBrowserProxy } from '../fixtures/browser-proxy.ts'
import {
  deploymentRow,
  namespaceOf,
  objectsIn,
  queryDatabase,
  secretInVault,
  type DeploymentRow,
} from '../fixtures/remains.ts'

/** Bytes that look different in each of the ways in which somebody might write them down. */
const SECRET = `canary+/=&?"% ${randomBytes(18).toString('base64')}`

/** As it is, and as programs write it: in JSON, in an address, in base64 (also inside of more), in hexadecimal. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const shifted = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      // What stands at the ends depends on the neighbours.
      .slice(offset === 0 ? 0 : 4, -4),
  )
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    // Go's JSON.
    JSON.stringify(value).slice(1, -1).replaceAll('&', '\\u0026'),
    encodeURIComponent(value),
    new URLSearchParams({ '': value }).toString().slice(1),
    ...shifted,
    bytes.toString('hex'),
  ]
}

const forms = formsOf(SECRET)
const isFoundIn = (text: string): boolean => forms.some((form) => text.includes(form))

/** Text of all logs of the stack by their paths, those of pods included. */
function logs(): Map<string, string> {
  const folder = inject('stackFolder')
  const paths = ['logs', 'node/pod-logs'].flatMap((place) =>
    readdirSync(join(folder, place), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]))
}

/** Every row of every table, as text. */
async function dump(): Promise<Map<string, string>> {
  const tables = await queryDatabase<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  const dumped = new Map<string, string>()
  for (const { name } of tables) {
    const rows = await queryDatabase<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
    dumped.set(name, rows.map(({ row }) => row).join('\n'))
  }
  return dumped
}

/** The server and the operator run with `DEBUG=*`, and all that handles secrets says what it can to its log. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const browser = useBrowser()
  const proxy = useBrowserProxy()
  let context: BrowserContext
  let page: Page
  let id: string
  let row: DeploymentRow

  beforeAll(async () => {
    context = await browser.newContext({ proxy: proxy.asked })
    page = await signIn(context, 'nowhere@example.com')
    await pickTemplate(page, 'Hello stack')
    await page.getByLabel('Name').first().fill('Nowhere')
    await page.getByLabel('TOKEN').fill(SECRET)
    await page.getByRole('button', { name: 'Preview the plan' }).click()
    await page.getByText('It will answer at').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click()
    id = await deploy(page)
    await untilPhase(page, 'Ready')
    await openTab(page, 'Logs')
    await page.getByRole('log').getByText('listening').first().waitFor()
    await openTab(page, 'Activity')
    await openTab(page, 'Settings')
    await page.getByText('Kept in Vault.').waitFor()
    row = await deploymentRow(id)
  })
  afterAll(async () => cluster.close())

  it('is in OpenBao, in the Kubernetes Secret, and in the pod', async () => {
    expect(await secretInVault(row)).toEqual({ TOKEN: SECRET })
    const secrets = (await objectsIn(cluster, namespaceOf(row))).filter(({ kind }) => kind === 'Secret')
    expect(JSON.stringify(secrets)).toContain(Buffer.from(SECRET).toString('base64'))
    const shown = await eventually(15_000, async () => {
      const { status, body } = await throughTraefik(`${row.name}.apps.localhost`)
      if (status !== 200) throw new Error(`Traefik answered ${status}`)
      return body
    })
    expect(shown).toContain(createHash('sha256').update(SECRET).digest('hex'))
    expect(isFoundIn(shown)).toBe(false)
  })

  it('is in no other object of its namespace, the custom resource included', async () => {
    const others = (await objectsIn(cluster, namespaceOf(row))).filter(({ kind }) => kind !== 'Secret')
    const kinds = new Set(others.map(({ kind }) => kind))
    for (const kind of ['UserDeployment', 'ExternalSecret', 'Deployment', 'Pod', 'Ingress']) {
      expect(kinds).toContain(kind)
    }
    const finds = others.filter((object) => isFoundIn(JSON.stringify(object)))
    expect(finds.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([])
    const events = await cluster.get<object>(`/api/v1/namespaces/${namespaceOf(row)}/events`)
    expect(isFoundIn(JSON.stringify(events))).toBe(false)
  })

  it('is in no row of the database, the audit included', async () => {
    const tables = await dump()
    for (const table of ['deployments', 'revisions', 'secret_meta', 'audit_events', 'activity']) {
      expect(tables.get(table), table).toContain(id)
    }
    expect([...tables].filter(([, text]) => isFoundIn(text)).map(([table]) => table)).toEqual([])
  })

  it('is in no log of any part, however much they say', async () => {
    const written = logs()
    const said = (part: string): string => written.get(`logs/${part}.log`) ?? ''
    // That they do say much, and about this very deployment.
    for (const part of ['postgres', 'shipyard-operator', 'external-secrets', 'traefik']) {
      expect(said(part), part).toContain(row.name)
    }
    expect(said('openbao')).toMatch(/\[(DEBUG|TRACE)\]/)
    // It logs at the level trace; what Prisma would say of its connection is kept out (src/ports/db/settings.ts).
    expect(said('shipyard-server')).toContain('the server is up')
    expect([...written.keys()].some((path) => path.includes(`${row.name}-web`))).toBe(true)
    expect([...written].filter(([, text]) => isFoundIn(text)).map(([path]) => path)).toEqual([])
  })

  it('comes back in no answer to the browser, and leaves it in one request alone', () => {
    const answers = proxy.answers()
    expect(answers).toContain(id)
    expect(answers).toContain('text/event-stream')
    expect(isFoundIn(answers)).toBe(false)
    const sent = proxy.requests.filter(({ url, text }) => isFoundIn(url) || isFoundIn(text))
    expect(sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'POST /trpc/deployments.create',
    ])
  })
})
