/** Going back, stopping and starting, and what is left of the past. */
import { expect, it } from 'vitest'

import { vaultPaths } from '../../contract/names.ts'
import { aTenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import { nameOf } from './name-of.ts'

const world = useWorld()
const env = [{ name: 'A', value: 'b' }]

async function aStack() {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const path = vaultPaths.deployment({ userId: tenant.userId, name: nameOf(id) })
  return { id, path, api: await world.as(tenant.userId) }
}

const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => ((error as Error).cause as { code: string }).code,
  )

it('lists what a deployment was, newest first, a page at a time', async () => {
  const { id, api } = await aStack()
  await api.deployments.updateEnv({ id, service: 'web', env })
  await api.deployments.scale({ id, service: 'web', replicas: 2 })
  const page = await api.deployments.revisions.list({ id, limit: 2 })
  expect(page.items.map(({ number }) => number)).toEqual([3, 2])
  expect(page.items[0]?.services).toContainEqual(expect.objectContaining({ name: 'web', replicas: 2 }))
  const rest = await api.deployments.revisions.list({ id, limit: 2, cursor: page.nextCursor ?? 0 })
  expect(rest).toMatchObject({ items: [{ number: 1, rollbackOf: null }], nextCursor: null })
})

it('tells what changed between two revisions, by names and not by places', async () => {
  const { id, api } = await aStack()
  const [web] = (await api.deployments.get({ id })).specs
  const before = web?.env ?? []
  await api.deployments.updateEnv({ id, service: 'web', env: [...env, ...before] })
  await api.deployments.scale({ id, service: 'web', replicas: 3 })
  expect(await api.deployments.revisions.diff({ id, from: 1, to: 3 })).toEqual({
    from: 1,
    to: 3,
    fields: [
      { path: 'services.web.env.A', before: undefined, after: 'b' },
      { path: 'services.web.replicas', before: undefined, after: 3 },
    ],
  })
  expect(await code(api.deployments.revisions.diff({ id, from: 1, to: 9 }))).toBe('NOT_FOUND')
})

it('makes an earlier revision run again as a new one, versions of its secrets included', async () => {
  const { id, api } = await aStack()
  const first = await api.deployments.get({ id })
  await api.secrets.set({ id, values: { TOKEN: 'another', OTHER: 'x' }, description: 'of the other' })
  await api.deployments.updateEnv({ id, service: 'web', env })
  const changed = await api.deployments.rollback({ id, revision: 1 })
  expect(changed).toMatchObject({ revision: 4 })
  const after = await api.deployments.get({ id })
  expect(after.specs).toEqual(first.specs)
  expect(await api.secrets.list({ id })).toEqual([expect.objectContaining({ key: 'TOKEN', version: 1 })])
  expect((await api.deployments.revisions.list({ id })).items[0]).toMatchObject({ number: 4, rollbackOf: 1 })
  expect((await api.deployments.activity({ id })).items[0]).toMatchObject({
    kind: 'rolled_back',
    detail: { to: 1 },
  })
})

it('does not go back to where a secret was destroyed, and changes nothing', async () => {
  const { id, api, path } = await aStack()
  await api.secrets.set({ id, values: { TOKEN: 'another' } })
  await world.vault.destroyVersions(path, [1])
  expect(await code(api.deployments.rollback({ id, revision: 1 }))).toBe('SECRET_VERSION_GONE')
  expect(await code(api.deployments.rollback({ id, revision: 7 }))).toBe('NOT_FOUND')
  expect((await api.deployments.get({ id })).revision).toBe(2)
})

it('refuses to go back from what somebody else changed meanwhile', async () => {
  const { id, api } = await aStack()
  await api.deployments.updateEnv({ id, service: 'web', env })
  expect(await code(api.deployments.rollback({ id, revision: 1, baseRevision: 1 }))).toBe('CONFLICT')
})

it('stops all pods and lets them run again, once for each time it changes something', async () => {
  const { id, api } = await aStack()
  expect(await api.deployments.suspend({ id })).toEqual({ id, revision: 1, generation: 2 })
  expect(await api.deployments.suspend({ id })).toEqual({ id, revision: 1, generation: 2 })
  expect(await api.deployments.get({ id })).toMatchObject({ suspended: true, revision: 1 })
  await api.deployments.resume({ id })
  expect(await api.deployments.get({ id })).toMatchObject({ suspended: false, generation: 3 })
  const { items } = await api.deployments.activity({ id })
  expect(items.map(({ kind }) => kind)).toEqual(['resumed', 'suspended', 'created'])
  const rows = await world.db.prisma.auditEvent.findMany({
    where: { targetId: id, action: 'deployment:suspend' },
    orderBy: { at: 'asc' },
  })
  expect(rows.map(({ detail }) => detail)).toEqual([{ suspended: true }, { suspended: false }])
})

it('stops nothing that is being deleted', async () => {
  const { id, api } = await aStack()
  await api.deployments.delete({ id })
  expect(await code(api.deployments.suspend({ id }))).toBe('BEING_DELETED')
  expect(await code(api.deployments.rollback({ id, revision: 1 }))).toBe('BEING_DELETED')
})

it('shows of a change what is asked for, and the rest as it is', async () => {
  const { id, api } = await aStack()
  const { objects } = await api.deployments.planUpdate({ id, service: 'web', replicas: 2 })
  const web = objects.find(({ kind, name }) => kind === 'Deployment' && name.endsWith('-web'))
  expect(web?.manifest).toContain('name: GREETING')
  expect(web?.manifest).toContain('replicas: 2')
  expect(objects.filter(({ kind }) => kind === 'ConfigMap')).not.toEqual([])
})

it('takes requests in otherwise: shown before, written down, and told apart by names', async () => {
  const { id, api } = await aStack()
  const ingress = {
    tls: { secretName: 'shop-tls' },
    redirectToHttps: true,
    responseHeaders: [{ name: 'X-Frame-Options', value: 'DENY' }],
  }
  const { objects } = await api.deployments.planUpdate({ id, ingress })
  const [middleware] = objects.filter(({ kind }) => kind === 'Middleware')
  expect(middleware).toMatchObject({ action: 'create' })
  await api.deployments.updateIngress({ id, ingress, baseRevision: 1 })
  expect((await api.deployments.get({ id })).ingress).toEqual({ service: 'web', port: 8080, ...ingress })
  expect((await api.deployments.revisions.diff({ id, from: 1, to: 2 })).fields).toEqual([
    { path: 'ingress.redirectToHttps', before: false, after: true },
    { path: 'ingress.responseHeaders.X-Frame-Options', before: undefined, after: 'DENY' },
    { path: 'ingress.tls', before: undefined, after: { secretName: 'shop-tls' } },
  ])
  expect((await api.deployments.activity({ id })).items[0]?.kind).toBe('ingress_updated')
  await api.deployments.rollback({ id, revision: 1 })
  expect((await api.deployments.get({ id })).ingress).toMatchObject({ redirectToHttps: false })
  expect(await code(api.deployments.planUpdate({ id, replicas: 2 }))).toBe('INVALID_INPUT')
})

it('gives a service other config files and another number of pods', async () => {
  const { id, api } = await aStack()
  const configFiles = [{ path: '/etc/hello/other.txt', content: 'other', mode: 0o400 }]
  const plan = await api.deployments.planUpdate({ id, service: 'web', configFiles, replicas: 2 })
  expect(plan.objects.filter(({ action }) => action !== 'keep').length).toBeGreaterThan(0)
  await api.deployments.updateConfig({ id, service: 'web', configFiles })
  await api.deployments.scale({ id, service: 'web', replicas: 0 })
  const [web] = (await api.deployments.get({ id })).specs
  expect(web).toMatchObject({ configFiles, replicas: 0, autoscaling: null })
  expect(await code(api.deployments.scale({ id, service: 'nobody', replicas: 1 }))).toBe('NOT_FOUND')
})
