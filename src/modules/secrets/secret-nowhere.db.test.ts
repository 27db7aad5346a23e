/** A secret's value is in Vault, and nowhere else: not in the database, not in a log, not in what anybody is told. */
import { Writable } from 'node:stream'
import pg from 'pg'
import { pino } from 'pino'
import { beforeAll, expect, it, vi } from 'vitest'

import { DeploymentId } from '../../contract/ids.ts'
import { vaultPaths } from '../../contract/names.ts'
import { createClient } from '../../sdk/create-client.ts'
import { aTenant } from '../../testing/builders.ts'
import { aForm } from '../../testing/deploy.ts'
import { useWebServer } from '../../testing/web-server.ts'
import { useWorld } from '../../testing/world.ts'
import { nameOf } from '../deployments/name-of.ts'

const FIRST = 'canary-first-7c1d2e'
const SECOND = 'canary-second-9a8b7c'
/** As it is, and as somebody might have written it down. */
const formsOf = (value: string): string[] => [
  value,
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  Buffer.from(value).toString('hex'),
  encodeURIComponent(value),
]

const logged: string[] = []
const log = pino(
  { level: 'trace' },
  new Writable({
    write(chunk: Buffer, _, done) {
      logged.push(chunk.toString())
      done()
    },
  }),
)

beforeAll(() => {
  vi.stubEnv('DEBUG', '*')
  return () => vi.unstubAllEnvs()
})
const world = useWorld({ runsLoops: true, log })
const web = useWebServer(world, { log })

/** Everything that PostgreSQL holds, as text. */
async function dump(): Promise<string> {
  const client = new pg.Client({ connectionString: world.dsn })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    )
    const parts: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
      parts.push(...rows.map(({ row }) => row))
    }
    return parts.join('\n')
  } finally {
    await client.end()
  }
}

const answers: string[] = []
const listening: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  answers.push(await response.clone().text())
  return response
}

it('is found in Vault alone, whatever went well or wrong with it', async () => {
  const tenant = await aTenant(world.db)
  const client = createClient({ url: web.url, cookie: await web.cookieOf(tenant.userId), fetch: listening })
  const { deployments, secrets } = client.api
  const form = await aForm(world, tenant.teamId, { secrets: { TOKEN: FIRST } })
  const id = DeploymentId.parse(form.id)
  await deployments.plan.mutate(form)
  // What is refused, at each step of the way.
  const refusals: Partial<typeof form>[] = [
    { displayName: '' },
    { env: { NOPE: 'x' } },
    { secrets: { TOKEN: FIRST, 'bad key': FIRST } },
    { secrets: { TOKEN: `${FIRST}\u0000` } },
    { secrets: FIRST as never },
  ]
  for (const refused of refusals) {
    const data = { data: { code: 'INVALID_INPUT' } }
    await expect(deployments.create.mutate({ ...form, ...refused })).rejects.toMatchObject(data)
  }
  world.vault.setDown(true)
  await expect(deployments.create.mutate(form)).rejects.toMatchObject({ data: { code: 'VAULT_UNAVAILABLE' } })
  world.vault.setDown(false)
  // What goes well.
  await deployments.create.mutate(form)
  await secrets.set.mutate({ id, values: { OTHER: SECOND } })
  await deployments.updateEnv.mutate({ id, service: 'web', env: [] })
  await deployments.planUpdate.mutate({ id, service: 'web', env: [{ name: 'A', value: 'b' }] })
  for (const query of [deployments.get, deployments.activity, secrets.list]) await query.query({ id })
  await vi.waitFor(() => expect(world.kube.watchUserDeployments().list()).toHaveLength(1), 5_000)

  const path = vaultPaths.deployment({ userId: tenant.userId, name: nameOf(id) })
  expect(world.vault.peek(path, 2)).toEqual({ TOKEN: FIRST, OTHER: SECOND })
  const places = {
    database: await dump(),
    log: logged.join('\n'),
    cluster: JSON.stringify(world.kube.watchUserDeployments().list()),
    answers: answers.join('\n'),
  }
  expect(places.database).toContain(id)
  expect(places.log).toContain('refused')
  expect(places.cluster).toContain(path)
  expect(places.answers.length).toBeGreaterThan(1_000)
  for (const [place, text] of Object.entries(places)) {
    for (const written of [...formsOf(FIRST), ...formsOf(SECOND)]) {
      expect(text.includes(written), `${written} in the ${place}`).toBe(false)
    }
  }
})
