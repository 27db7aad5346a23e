/** Dying before and after each call of `create-deployment`, then the loops: it runs or it never was. */
import { expect, it } from 'vitest'

import { DeploymentId } from '../../contract/ids.ts'
import { vaultPaths, type VaultPath } from '../../contract/names.ts'
import { aTenant } from '../../testing/builders.ts'
import { aForm, SECRET_VALUE } from '../../testing/deploy.ts'
import { Death, failAtEachCall } from '../../testing/fail-at-each-call.ts'
import { useWorld } from '../../testing/world.ts'
import { sweepUser } from '../secrets/sweep-secrets.ts'
import { createDeployment } from './create-deployment.ts'
import { nameOf } from './name-of.ts'
import { namespaceOf } from './custom-resource.ts'
import { claim } from './claims.ts'
import { pushDeployment } from './push-deployment.ts'
import type { CreateDeployment } from './schema.ts'

const world = useWorld()

async function pushAll(): Promise<void> {
  for (const row of await claim(world.deps, 'test', 100)) await pushDeployment(world.deps, row, 'test')
}

/** Of a path in Vault, those that are not destroyed. */
async function versionsAt(path: VaultPath): Promise<number[]> {
  const { versions } = (await world.vault.readMetadata(path)) ?? { versions: [] }
  return versions.filter(({ isDestroyed }) => !isDestroyed).map(({ version }) => version)
}

it('is created or refused wherever it dies, with nothing doubled and nothing left over', async () => {
  const { db, vault, registry } = world
  const moments = await failAtEachCall({ db, vault, registry }, async (ports) => {
    const tenant = await aTenant(db)
    const found = await (await world.contextOf(tenant.userId)).find(tenant.teamId)
    if (!found?.scope) throw new Error('The test is wrong.')
    const caller = { actor: found.actor, scope: found.scope, requestId: 'req_test' }
    const form = {
      visibility: 'public',
      services: [],
      hosts: [],
      ...(await aForm(world, tenant.teamId)),
    } as CreateDeployment
    const path = vaultPaths.deployment({ userId: tenant.userId, name: nameOf(form.id) })

    await createDeployment({ ...world.deps, ...ports }, caller, form).catch((error: unknown) => {
      if (!(error instanceof Death)) throw error
    })

    // What the loops make of it.
    await pushAll()
    const row = await db.prisma.deployment.findUnique({
      where: { id: form.id },
      include: { revisions: true },
    })
    await sweepUser(world.deps, tenant.userId, -1)
    const org = await db.prisma.organization.findUniqueOrThrow({ where: { id: tenant.orgId } })
    expect(org.deploymentsUsed).toBe(row ? 1 : 0)
    expect(await versionsAt(path)).toEqual(row ? Object.values(row.revisions[0]?.secretVersions ?? {}) : [])
    const key = {
      namespace: namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings),
      name: nameOf(form.id),
    }
    expect(world.kube.watchUserDeployments().get(key) !== undefined).toBe(row !== null)

    // The person presses Deploy again, with the same id.
    expect(await createDeployment(world.deps, caller, form)).toMatchObject({ id: form.id, revision: 1 })
    await pushAll()
    expect(world.kube.watchUserDeployments().get(key)?.spec.services).toHaveLength(2)
    expect(await db.prisma.deployment.count({ where: { orgId: tenant.orgId } })).toBe(1)
    const audit = await db.prisma.auditEvent.count({ where: { targetId: form.id } })
    expect(audit).toBe(1)
  })
  const calls = new Set(moments.map(({ call }) => call))
  expect(calls).toContain('vault.writeSecret')
  expect(calls).toContain('db.one create-deployment')
  expect(moments.length).toBeGreaterThanOrEqual(8)
}, 60_000)

it('goes on from what a dead attempt left in Vault, when it is pressed again before that is swept', async () => {
  const tenant = await aTenant(world.db)
  const form = await aForm(world, tenant.teamId)
  const id = DeploymentId.parse(form.id)
  const path = vaultPaths.deployment({ userId: tenant.userId, name: nameOf(id) })
  await world.vault.writeSecret(path, { TOKEN: 'of the dead' }, { checkAndSet: 0 })
  const api = await world.as(tenant.userId)
  await api.deployments.create(form)
  expect((await api.deployments.get({ id })).specs[0]?.secrets).toMatchObject([{ key: 'TOKEN', version: 2 }])
  await api.secrets.set({ id, values: { OTHER: 'x' } })
  expect(world.vault.peek(path, 3)).toEqual({ TOKEN: SECRET_VALUE, OTHER: 'x' })
})
