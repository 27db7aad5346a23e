/** What people get wrong in the form is refused by the server with the sentence that the form would have said. */
import { beforeAll, expect, it } from 'vitest'

import { CreateDeployment, type CreateDeploymentInput } from '../modules/deployments/schema.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { aForm } from '../testing/deploy.ts'
import { useWebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'

const world = useWorld()
const web = useWebServer(world)
let tenant: Tenant
let cookie = ''
let form: CreateDeploymentInput

beforeAll(async () => {
  tenant = await aTenant(world.db)
  cookie = await web.cookieOf(tenant.userId)
  form = await aForm(world, tenant.teamId)
})

const ofWeb = (change: object): object => ({ services: [{ name: 'web', ...change }] })

const FAULTS: Record<string, object> = {
  'a name without a letter': { displayName: '' },
  'a name that is too long': { displayName: 'x'.repeat(61) },
  'an id that is none': { id: 'dep_x' },
  'a template that is none': { templateId: '../hello' },
  'a service name that is no label': { services: [{ name: 'Web_1' }] },
  'an image that is no reference': ofWeb({ image: 'https://ghcr.io/a' }),
  'half a pod': ofWeb({ replicas: 0.5 }),
  'too many pods': ofWeb({ replicas: 51 }),
  'CPU in words': ofWeb({ resources: { limits: { cpu: 'two' } } }),
  'memory in other units': ofWeb({ resources: { requests: { memory: '1 GB' } } }),
  'a variable with a hyphen': ofWeb({ env: [{ name: 'NOT-A-NAME', value: '' }] }),
  'the same variable twice': ofWeb({ env: ['A', 'A'].map((name) => ({ name, value: 'x' })) }),
  'an answer to no name': { env: { '1ST': 'x' } },
  'a secret under no name': { secrets: { 'a b': 'x' } },
  'a host with a port': { hosts: ['shop.example.com:443'] },
  'a host that is an address': { hosts: ['127.0.0.1'] },
  'the same host twice': { hosts: ['shop.example.com', 'shop.example.com'] },
  'a misspelt field': { displayname: 'Shop' },
  'a misspelt field inside': ofWeb({ imagee: 'nginx' }),
}

const create = async (input: unknown): Promise<Response> =>
  web.fetch('/trpc/deployments.create', {
    method: 'POST',
    cookie,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })

interface Refusal {
  readonly code: string
  readonly sentence: string
  readonly fields?: object[]
}
const refusalOf = async (response: Response): Promise<Refusal> =>
  ((await response.json()) as { error: { data: Refusal } }).error.data

it.each(Object.entries(FAULTS))('refuses %s in the words of the schema', async (_, change) => {
  const wrong = { ...form, ...change }
  const issues = CreateDeployment.safeParse(wrong).error?.issues ?? []
  const said = issues.map((issue) => ({
    path: issue.path.join('.'),
    // Of a name in a record the sentence is one level down.
    sentence: issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message,
  }))
  expect(said.length).toBeGreaterThan(0)
  const response = await create(wrong)
  expect(response.status).toBe(400)
  const refusal = await refusalOf(response)
  expect(refusal).toMatchObject({ code: 'INVALID_INPUT', fields: said })
  for (const { sentence } of said) expect(sentence).toMatch(/^[A-Z].*\.$/)
  expect(await world.db.prisma.deployment.count({ where: { orgId: tenant.orgId } })).toBe(0)
  expect(world.vault.paths()).toEqual([])
})

it('refuses what is too large with the number', async () => {
  const wrong = { ...form, env: { GREETING: 'x'.repeat(300_000) } }
  const response = await create(wrong)
  expect(response.status).toBe(413)
  expect(await refusalOf(response)).toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
    sentence: 'The request is larger than 256 kB. Send less at once.',
  })
})

it('refuses 200 kB of variables with what to do', async () => {
  const env = Array.from({ length: 7 }, (_, i) => ({ name: `V${i}`, value: 'x'.repeat(30_000) }))
  const wrong = { ...form, services: [{ name: 'web', env }] }
  const refusal = await refusalOf(await create(wrong))
  expect(refusal).toMatchObject({ code: 'INVALID_INPUT' })
  expect(refusal.sentence).toMatch(/variables of all services .* 200/)
})

it('names each field', async () => {
  const wrong = { ...form, displayName: '', hosts: ['NOT A HOST'] }
  const refusal = await refusalOf(await create(wrong))
  expect(refusal.fields).toMatchObject([
    { path: 'displayName', sentence: 'The name of a deployment has 1 to 60 characters.' },
    { path: 'hosts.0', sentence: expect.stringContaining('shop.example.com') },
  ])
})
