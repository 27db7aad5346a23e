import { describe, expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { HostName, vaultPaths } from '../../contract/names.ts'
import { aMember, aTeam, aTenant, type Tenant } from '../../testing/builders.ts'
import { aForm, SECRET_VALUE, templateId } from '../../testing/deploy.ts'
import { HELLO, HELLO_DIGEST, useWorld } from '../../testing/world.ts'
import type { RevisionSpec } from './revision-spec.ts'

const world = useWorld()
const billed = useWorld({ isBillingEnabled: true })

const rowsOf = async (orgId: string) =>
  world.db.prisma.deployment.findMany({
    where: { orgId },
    include: { revisions: true, secrets: true, hostNames: true },
  })

const pathOf = (tenant: Tenant, name: string) =>
  vaultPaths.deployment({ userId: tenant.userId, name: name as never })

it('keeps the wish in the database, images by digest, and the values in Vault alone', async () => {
  const tenant = await aTenant(world.db)
  const api = await world.as(tenant.userId)
  const form = await aForm(world, tenant.teamId)
  expect(await api.deployments.create(form)).toEqual({ id: form.id, revision: 1, generation: 1 })
  const [row] = await rowsOf(tenant.orgId)
  const path = pathOf(tenant, row?.name ?? '')
  expect(world.vault.peek(path, 1)).toEqual({ TOKEN: SECRET_VALUE })
  expect(row?.revisions[0]?.secretVersions).toEqual({ [path]: 1 })
  const spec = row?.revisions[0]?.spec as unknown as RevisionSpec
  expect(spec.services.map(({ image }) => image)).toEqual([
    `${HELLO}@${HELLO_DIGEST}`,
    `${HELLO}@${HELLO_DIGEST}`,
  ])
  expect(spec.services[0]?.env).toContainEqual({ name: 'GREETING', value: 'hello' })
  expect(row?.secrets).toMatchObject([{ key: 'TOKEN', version: 1, layer: 'deployment' }])
})

it('answers a repetition with what is there, and does nothing twice', async () => {
  const tenant = await aTenant(world.db)
  const api = await world.as(tenant.userId)
  const form = await aForm(world, tenant.teamId)
  const answers = []
  for (let attempt = 0; attempt < 3; attempt++) answers.push(await api.deployments.create(form))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  const [row, ...more] = await rowsOf(tenant.orgId)
  expect(more).toEqual([])
  const org = await world.db.prisma.organization.findUniqueOrThrow({ where: { id: tenant.orgId } })
  expect(org.deploymentsUsed).toBe(1)
  // The newest version is the one that runs: a secret can be changed without entering the others again.
  expect(await world.vault.readMetadata(pathOf(tenant, row?.name ?? ''))).toMatchObject({ currentVersion: 1 })
})

it('makes one of two that are created with the same id at the same time', async () => {
  const tenant = await aTenant(world.db)
  const api = await world.as(tenant.userId)
  const form = await aForm(world, tenant.teamId)
  const both = await Promise.all([api.deployments.create(form), api.deployments.create(form)])
  expect(both[0]).toEqual(both[1])
  expect(await rowsOf(tenant.orgId)).toHaveLength(1)
})

it('refuses an id that belongs to another team, and says nothing of it', async () => {
  const tenant = await aTenant(world.db)
  const other = await aTenant(world.db)
  const form = await aForm(world, tenant.teamId)
  await (await world.as(tenant.userId)).deployments.create(form)
  const stealing = { ...form, teamId: other.teamId }
  await expect((await world.as(other.userId)).deployments.create(stealing)).rejects.toMatchObject({
    cause: { code: 'ID_TAKEN' },
  })
  const secondTeam = await aTeam(world.db, tenant.orgId)
  await expect(
    (await world.as(tenant.userId)).deployments.create({ ...form, teamId: secondTeam }),
  ).rejects.toMatchObject({ cause: { code: 'ID_TAKEN' } })
})

describe('refuses, with nothing changed,', () => {
  const refusals: Record<string, [given: () => Promise<object> | object, problem: object]> = {
    'a required secret without a value': [
      () => ({ secrets: {} }),
      { code: 'SECRET_MISSING', params: { name: 'TOKEN' } },
    ],
    'an empty secret': [() => ({ secrets: { TOKEN: '' } }), { code: 'BAD_REQUEST' }],
    'a variable that is not asked for': [() => ({ env: { NOPE: 'x' } }), { code: 'INVALID_INPUT' }],
    'a secret among the variables': [() => ({ env: { TOKEN: 'x' } }), { code: 'INVALID_INPUT' }],
    'a service that is not there': [() => ({ services: [{ name: 'nope' }] }), { code: 'INVALID_INPUT' }],
    'an image that does not exist': [
      () => ({ services: [{ name: 'web', image: 'registry.localhost/no/such:1' }] }),
      { code: 'IMAGE_NOT_FOUND' },
    ],
    'a service that is changed twice': [
      () => ({ services: [{ name: 'web', replicas: 1 }, { name: 'web' }] }),
      { code: 'BAD_REQUEST' },
    ],
    'the same host name twice': [
      () => ({ hosts: ['shop.example.org', 'shop.example.org'] }),
      { code: 'BAD_REQUEST' },
    ],
    'a host name of the platform': [() => ({ hosts: ['x.opsnorth.io'] }), { code: 'INVALID_INPUT' }],
    'the address of the dashboard': [() => ({ hosts: ['shipyard.example.com'] }), { code: 'INVALID_INPUT' }],
    'a template that is gone': [() => ({ templateId: newId('tpl') }), { code: 'TEMPLATE_GONE' }],
    'a version that the template does not have': [() => ({ templateVersion: 99 }), { code: 'TEMPLATE_GONE' }],
    'more variables than fit': [
      () => ({
        services: [
          {
            name: 'web',
            env: Array.from({ length: 7 }, (_, i) => ({ name: `V${i}`, value: 'x'.repeat(32_000) })),
          },
        ],
      }),
      { code: 'INVALID_INPUT' },
    ],
    'a request above its limit': [
      () => ({
        services: [{ name: 'web', resources: { requests: { memory: '1Gi' }, limits: { memory: '128Mi' } } }],
      }),
      { code: 'BAD_REQUEST' },
    ],
  }

  it.each(Object.entries(refusals))('%s', async (_, [given, problem]) => {
    const tenant = await aTenant(world.db)
    const before = world.vault.paths()
    const api = await world.as(tenant.userId)
    const form = await aForm(world, tenant.teamId, await given())
    const error: unknown = await api.deployments.create(form).catch((reason: unknown) => reason)
    const isZod = 'code' in problem && problem.code === 'BAD_REQUEST'
    expect(isZod ? error : (error as Error).cause).toMatchObject(problem)
    expect(await rowsOf(tenant.orgId)).toEqual([])
    expect(world.vault.paths()).toEqual(before)
  })
})

it('refuses a host name that is taken, by its name', async () => {
  const [one, two] = [await aTenant(world.db), await aTenant(world.db)]
  const hosts = [HostName.parse('free.example.com'), HostName.parse('shop.example.com')]
  await (
    await world.as(one.userId)
  ).deployments.create(await aForm(world, one.teamId, { hosts: hosts.slice(1) }))
  const late = (await world.as(two.userId)).deployments.create(await aForm(world, two.teamId, { hosts }))
  await expect(late).rejects.toMatchObject({
    cause: { code: 'HOST_TAKEN', params: { host: 'shop.example.com' } },
  })
  expect(await rowsOf(two.orgId)).toEqual([])
})

it('lets in exactly as many as the plan allows, and says the numbers to the others', async () => {
  const tenant = await aTenant(billed.db, { plan: 'business' })
  await billed.db.prisma.organization.update({ where: { id: tenant.orgId }, data: { deploymentsUsed: 7 } })
  const api = await billed.as(tenant.userId)
  const forms = await Promise.all(Array.from({ length: 12 }, async () => aForm(billed, tenant.teamId)))
  const results = await Promise.allSettled(forms.map(async (form) => api.deployments.create(form)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  expect(refused[0]?.cause).toMatchObject({
    code: 'TIER_LIMIT_REACHED',
    params: { what: 'deployment', used: 10, limit: 10, plan: 'Business' },
  })
  // What the refused ones had brought to Vault is destroyed.
  expect(await billed.db.prisma.deployment.count({ where: { orgId: tenant.orgId } })).toBe(3)
})

it('refuses host names of one’s own where the plan has none', async () => {
  const tenant = await aTenant(billed.db, { plan: 'free' })
  const form = await aForm(billed, tenant.teamId, { hosts: ['shop.example.org'] })
  await expect((await billed.as(tenant.userId)).deployments.create(form)).rejects.toMatchObject({
    cause: { code: 'TIER_LIMIT_REACHED', params: { limit: 0 } },
  })
})

it('refuses when Vault is away, unless there is nothing secret', async () => {
  const tenant = await aTenant(world.db)
  const api = await world.as(tenant.userId)
  world.vault.setDown(true)
  try {
    await expect(api.deployments.create(await aForm(world, tenant.teamId))).rejects.toMatchObject({
      cause: { code: 'VAULT_UNAVAILABLE' },
    })
    expect(await rowsOf(tenant.orgId)).toEqual([])
    const hello = { templateId: await templateId(world, 'hello'), env: {}, secrets: {} }
    await api.deployments.create(await aForm(world, tenant.teamId, hello))
    expect(await rowsOf(tenant.orgId)).toHaveLength(1)
  } finally {
    world.vault.setDown(false)
  }
})

it('keeps a tag that no registry knows how to resolve, and says so', async () => {
  const tenant = await aTenant(world.db)
  const api = await world.as(tenant.userId)
  world.registry.setBroken('registry.localhost', 'RegistryUnavailable')
  try {
    const form = await aForm(world, tenant.teamId)
    expect((await api.deployments.plan(form)).warnings).toMatchObject([{ code: 'RegistryUnavailable' }])
    await api.deployments.create(form)
    expect((await api.deployments.get({ id: form.id })).specs.map(({ isPinned }) => isPinned)).toEqual([
      false,
      false,
    ])
  } finally {
    world.registry.setBroken('registry.localhost', undefined)
  }
})

it('writes who did what, by which request', async () => {
  const tenant = await aTenant(world.db)
  const developer = await aMember(world.db, tenant, { team: 'developer' })
  const form = await aForm(world, tenant.teamId)
  await (await world.as(developer)).deployments.create(form)
  const audit = await world.db.prisma.auditEvent.findMany({ where: { targetId: form.id } })
  expect(audit).toMatchObject([
    { action: 'deployment:create', actorId: developer, actorKind: 'user', requestId: 'req_test' },
  ])
})
