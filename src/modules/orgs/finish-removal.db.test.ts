import { afterEach, expect, it } from 'vitest'

import { LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { newId, type OrgId, type UserId } from '../../contract/ids.ts'
import { DEFAULT_NAMESPACE_PATTERN, namespaceFor, vaultPaths, type Namespace } from '../../contract/names.ts'
import { aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { useWorld } from '../../testing/world.ts'
import { finishRemovals } from './finish-removal.ts'

const world = useWorld()

afterEach(() => {
  world.kube.setDown(false)
  world.vault.setDown(false)
})

async function aNamespace(userId: UserId, orgId: OrgId): Promise<Namespace> {
  const namespace = namespaceFor(DEFAULT_NAMESPACE_PATTERN, { userId, orgId })
  await world.kube.ensureNamespace(namespace, {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.userId]: userId,
    [LABELS.orgId]: orgId,
  })
  return namespace
}

const namespaces = async (): Promise<string[]> =>
  (await world.kube.listOwned()).filter(({ kind }) => kind === 'Namespace').map(({ name }) => name)

const isDone = async (orgId: OrgId): Promise<boolean> =>
  (await world.db.prisma.orgRemoval.findUniqueOrThrow({ where: { orgId } })).doneAt !== null

it('takes down the namespaces and secrets of a deleted organisation, and of no other', async () => {
  const { userId, orgId } = await aTenant(world.db)
  const other = await aTenant(world.db)
  const mine = [await aNamespace(userId, orgId), await aNamespace(newId('usr'), orgId)]
  const kept = await aNamespace(userId, other.orgId)
  const secrets = vaultPaths.organisation(orgId)
  await world.vault.writeSecret(secrets, { TOKEN: 'x' }, { checkAndSet: 0 })
  await (await world.as(userId)).orgs.delete({ orgId })
  expect(await finishRemovals(world.deps)).toBe(0)
  expect(await isDone(orgId)).toBe(false)
  // Seen to be gone, and only then finished.
  expect(await finishRemovals(world.deps)).toBe(1)
  expect(await isDone(orgId)).toBe(true)
  const left = await namespaces()
  expect(left).toContain(kept)
  for (const namespace of mine) expect(left).not.toContain(namespace)
  expect(await world.vault.readMetadata(secrets)).toBeUndefined()
  expect(await world.db.prisma.auditEvent.count({ where: { orgId, action: 'org:removed' } })).toBe(1)
  expect(await finishRemovals(world.deps)).toBe(0)
})

it('waits for a cluster and a Vault that are away', async () => {
  const { userId, orgId } = await aTenant(world.db)
  const namespace = await aNamespace(userId, orgId)
  await (await world.as(userId)).orgs.delete({ orgId })
  world.kube.setDown(true)
  await expect(finishRemovals(world.deps)).rejects.toThrow('CLUSTER_UNAVAILABLE')
  world.kube.setDown(false)
  await finishRemovals(world.deps)
  expect(await namespaces()).not.toContain(namespace)
  world.vault.setDown(true)
  await expect(finishRemovals(world.deps)).rejects.toThrow('VAULT_UNAVAILABLE')
  expect(await isDone(orgId)).toBe(false)
  world.vault.setDown(false)
  expect(await finishRemovals(world.deps)).toBe(1)
})

it('finishes once, however many servers look at the same moment', async () => {
  const { userId, orgId } = await aTenant(world.db)
  expect(await codeOf((await world.as(userId)).orgs.delete({ orgId }))).toBe('none')
  const counts = await Promise.all(Array.from({ length: 5 }, async () => finishRemovals(world.deps)))
  expect(counts.reduce((sum, count) => sum + count)).toBe(1)
})

it('has nothing to look for where there is no cluster', async () => {
  const { userId, orgId } = await aTenant(world.db)
  await (await world.as(userId)).orgs.delete({ orgId })
  expect(await finishRemovals({ ...world.deps, kube: undefined })).toBe(1)
})
