import { expect, it } from 'vitest'

import { vaultPaths } from '../../contract/names.ts'
import { aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed, SECRET_VALUE, templateId } from '../../testing/deploy.ts'
import { HELLO_DIGEST, useWorld } from '../../testing/world.ts'
import { nameOf } from './name-of.ts'
import type { DeploymentId } from '../../contract/ids.ts'

const world = useWorld()
const env = [{ name: 'A', value: 'b' }]
const pathOf = (tenant: Tenant, id: DeploymentId) =>
  vaultPaths.deployment({ userId: tenant.userId, name: nameOf(id) })

async function aStack() {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  return { tenant, id, api: await world.as(tenant.userId), path: pathOf(tenant, id) }
}

const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => ((error as Error).cause as { code: string }).code,
  )

it('gives one service another environment and leaves the rest as it was', async () => {
  const { id, api } = await aStack()
  const before = await api.deployments.get({ id })
  expect(await api.deployments.updateEnv({ id, service: 'web', env })).toEqual({
    id,
    revision: 2,
    generation: 2,
  })
  const after = await api.deployments.get({ id })
  expect(after.specs[0]).toEqual({ ...before.specs[0], env })
  expect(after.specs[1]).toEqual(before.specs[1])
  expect((await api.deployments.activity({ id })).items[0]).toMatchObject({
    kind: 'env_updated',
    revision: 2,
    detail: { service: 'web', variables: ['A'] },
  })
})

it('gives a service another image, by its digest', async () => {
  const { id, api } = await aStack()
  const image = 'registry.localhost/shipyard/hello:2'
  expect(await code(api.deployments.deployImage({ id, service: 'web', image }))).toBe('IMAGE_NOT_FOUND')
  world.registry.push(image as never, { digest: HELLO_DIGEST })
  await api.deployments.deployImage({ id, service: 'web', image })
  expect((await api.deployments.get({ id })).specs[0]?.image).toBe(`${image}@${HELLO_DIGEST}`)
})

it('refuses a change of what has changed since it was seen', async () => {
  const { id, api } = await aStack()
  await api.deployments.updateEnv({ id, baseRevision: 1, service: 'web', env })
  expect(await code(api.deployments.updateEnv({ id, baseRevision: 1, service: 'web', env: [] }))).toBe(
    'CONFLICT',
  )
  expect((await api.deployments.get({ id })).revision).toBe(2)
})

it('takes changes at the same time one after the other', async () => {
  const { id, api } = await aStack()
  await Promise.all([
    api.deployments.updateEnv({ id, service: 'web', env }),
    api.deployments.updateEnv({ id, service: 'api', env }),
    api.secrets.set({ id, values: { OTHER: 'x' } }),
  ])
  const { specs, revision } = await api.deployments.get({ id })
  expect(revision).toBe(4)
  expect(specs.map((spec) => spec.env)).toEqual([env, env])
  expect(specs[0]?.secrets.map(({ key }) => key)).toEqual(['TOKEN', 'OTHER'])
})

it('changes nothing of what is being deleted', async () => {
  const { id, api } = await aStack()
  await api.deployments.delete({ id })
  expect(await code(api.deployments.updateEnv({ id, service: 'web', env }))).toBe('BEING_DELETED')
  expect(await code(api.deployments.restart({ id }))).toBe('BEING_DELETED')
  expect(await code(api.secrets.set({ id, values: { A: 'x' } }))).toBe('BEING_DELETED')
})

it('knows no service but those that are there', async () => {
  const { id, api } = await aStack()
  expect(await code(api.deployments.updateEnv({ id, service: 'nope', env }))).toBe('NOT_FOUND')
  expect(await code(api.secrets.set({ id, values: { A: 'x' }, services: ['nope'] }))).toBe('NOT_FOUND')
  expect(await api.secrets.set({ id, values: { A: 'x' } })).toEqual({ revision: 2 })
})

it('sets a secret without knowing the others, and older revisions keep their version', async () => {
  const { id, api, path } = await aStack()
  expect(await api.secrets.set({ id, values: { OTHER: 'y' }, services: ['api'] })).toEqual({ revision: 2 })
  expect(world.vault.peek(path, 1)).toEqual({ TOKEN: SECRET_VALUE })
  expect(world.vault.peek(path, 2)).toEqual({ TOKEN: SECRET_VALUE, OTHER: 'y' })
  const { specs } = await api.deployments.get({ id })
  expect(specs.map(({ secrets }) => secrets.map(({ key, version }) => [key, version]))).toEqual([
    [['TOKEN', 2]],
    [['OTHER', 2]],
  ])
  expect((await api.secrets.list({ id })).map(({ key, version }) => [key, version])).toEqual([
    ['OTHER', 2],
    ['TOKEN', 1],
  ])
})

it('takes a secret from the services, from the list and from the newest version', async () => {
  const { id, api, path } = await aStack()
  await api.secrets.set({ id, values: { OTHER: 'y' } })
  await api.secrets.delete({ id, keys: ['TOKEN'] as never })
  expect(world.vault.peek(path, 3)).toEqual({ OTHER: 'y' })
  expect((await api.secrets.list({ id })).map(({ key }) => key)).toEqual(['OTHER'])
  await api.secrets.delete({ id, keys: ['OTHER'] as never })
  expect((await api.deployments.get({ id })).specs.flatMap(({ secrets }) => secrets)).toEqual([])
  expect(await code(api.secrets.delete({ id, keys: ['OTHER'] as never }))).toBe('NOT_FOUND')
})

it('asks for all secrets again when a change of them was cut off, rather than guess', async () => {
  const { id, api, path } = await aStack()
  await world.vault.mergeSecret(path, { TOKEN: 'never committed' }, { checkAndSet: 1 })
  // For a minute it may be somebody else's request.
  expect(await code(api.secrets.set({ id, values: { OTHER: 'y' } }))).toBe('VAULT_CONFLICT')
  await world.vault.destroyVersions(path, [2])
  expect(await api.secrets.set({ id, values: { TOKEN: 'again', OTHER: 'y' } })).toEqual({ revision: 2 })
  expect(world.vault.peek(path, 3)).toEqual({ TOKEN: 'again', OTHER: 'y' })
})

it('shows what a change would do, and does nothing', async () => {
  const { id, api } = await aStack()
  const plan = await api.deployments.planUpdate({ id, service: 'web', env })
  expect(plan.objects.some(({ kind }) => kind === 'Deployment')).toBe(true)
  expect((await api.deployments.get({ id })).revision).toBe(1)
})

it('does not run a service with a volume as several pods', async () => {
  const tenant = await aTenant(world.db)
  world.registry.push('docker.io/library/redis:7.4-alpine' as never, { digest: HELLO_DIGEST })
  const id = await deployed(world, tenant, {
    templateId: await templateId(world, 'redis'),
    env: {},
    secrets: { REDIS_PASSWORD: SECRET_VALUE },
  })
  const api = await world.as(tenant.userId)
  const [spec] = (await api.deployments.get({ id })).specs
  expect(spec?.volumes).toEqual([{ name: 'data', path: '/data' }])
  const service = spec?.name ?? ''
  expect(await code(api.deployments.scale({ id, service, replicas: 2 }))).toBe('INVALID_INPUT')
  expect(await code(api.deployments.scale({ id, service, replicas: 0 }))).toBe('none')
})
