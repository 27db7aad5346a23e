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

it.each(Object.entries(FAULTS))('refuses %s in the words of the schema', async (_, change) => {
  const wrong = { ...form, ...change }
  const issues = CreateDeployment.safeParse(wrong).error?.issues ?? []
  const said = issues.map((issue) => ({
    path: issue.path.join('.'),
    // Of a name in a record the sentence is one level down.
    sentence: issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message,
  }))
  expect(said.length).toBeGreaterThan(0)
  const response = await web.fetch('/trpc/deployments.create', {
    method: 'POST',
    cookie,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wrong),
  })
  expect(response.status).toBe(400)
  const { error } = (await response.json()) as { error: { data: { code: string; fields: object[] } } }
  expect(error.data.code).toBe('INVALID_INPUT')
  expect(error.data.fields).toMatchObject(said)
  for (const { sentence } of said) expect(sentence).toMatch(/^[A-Z].*\.$/)
  expect(await world.db.prisma.deployment.count({ where: { orgId: tenant.orgId } })).toBe(0)
  expect(world.vault.paths()).toEqual([])
})
