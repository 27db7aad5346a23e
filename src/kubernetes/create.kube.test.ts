import { expect, it, vi } from 'vitest'

import { getObject, serverSideApply } from './apply.ts'
import { claimCreated, createObject } from './create.ts'
import { holdsAll } from './holds-all.ts'
import type { KubeObject } from './object.ts'
import { resourceOf } from './resources.ts'
import { map, start, type ConfigMap } from './testing/config-maps.ts'
import { representativeObjects } from './testing/representative-objects.ts'
import type { Transport } from './transport-types.ts'

const us = { fieldManager: 'us' }
it('creates once, and writes into nothing that has the name', async () => {
  const { transport, namespace } = await start()
  const theirs = await createObject(transport, { object: map(namespace, { a: '1' }), fieldManager: 'they' })
  expect(theirs.metadata.uid).toBeDefined()
  await expect(createObject(transport, { object: map(namespace, { b: '2' }), ...us })).rejects.toMatchObject({
    status: 409,
    reason: 'AlreadyExists',
  })
})

it('refuses a field that there is not', async () => {
  const { transport, namespace } = await start()
  const object = { ...map(namespace, {}), dta: {} } as ConfigMap
  await expect(createObject(transport, { object, ...us })).rejects.toMatchObject({ status: 400 })
})

it('takes back what was created and is no longer applied, once it is claimed', async () => {
  const { transport, namespace } = await start()
  const live = await createObject(transport, { object: map(namespace, { a: '1', b: '1' }), ...us })
  const resourceVersion = await claimCreated(transport, { live, ...us })
  expect(resourceVersion).not.toBe(live.metadata.resourceVersion)
  const onlyIf = { uid: live.metadata.uid ?? '', resourceVersion: resourceVersion ?? '' }
  const applied = await serverSideApply(transport, { object: map(namespace, { a: '2' }), ...us, onlyIf })
  expect(applied.data).toEqual({ a: '2' })
  // The second time there is nothing to claim.
  expect(await claimCreated(transport, { live: applied, ...us })).toBe(applied.metadata.resourceVersion)
})

it('would leave behind what is no longer applied, were it not claimed', async () => {
  const { transport, namespace } = await start()
  await createObject(transport, { object: map(namespace, { a: '1', b: '1' }), ...us })
  const applied = await serverSideApply(transport, { object: map(namespace, { a: '1' }), ...us, force: true })
  expect(applied.data).toEqual({ a: '1', b: '1' })
})

it('claims nothing that somebody changed meanwhile, and nothing of another life', async () => {
  const { transport, namespace } = await start()
  const live = await createObject(transport, { object: map(namespace, { a: '1' }), ...us })
  await serverSideApply(transport, { object: map(namespace, { c: '3' }), fieldManager: 'they' })
  await expect(claimCreated(transport, { live, ...us })).rejects.toMatchObject({ status: 409 })
  const earlier = { ...live, metadata: { ...live.metadata, uid: 'earlier' } }
  expect(await claimCreated(transport, { live: earlier, ...us })).toBe(live.metadata.resourceVersion)
})

it('creates every kind so that nothing is left to apply, before it is claimed and afterwards', async () => {
  const { transport, namespace } = await start()
  // The cluster writes how much of a quota is used, at any moment.
  const calm = representativeObjects(namespace).filter(({ kind }) => kind !== 'ResourceQuota')
  for (const object of calm) {
    const what = object.kind
    const created = await createObject(transport, { object, ...us })
    expect(holdsAll(created, object), what).toBe(true)
    const [seen, version] = await claimedAtLast(transport, created)
    expect(version, what).not.toBe(seen.metadata.resourceVersion)
    const claimed = await getObject(transport, resourceOf(object), object.metadata)
    expect(holdsAll(claimed, object), what).toBe(true)
    expect(holdsAll(await serverSideApply(transport, { object, ...us }), object), what).toBe(true)
  }
})

/** As a reconcile does it: the cluster's own controllers write into what is new, and then it is looked at again. */
async function claimedAtLast(
  transport: Transport,
  created: KubeObject,
): Promise<readonly [seen: KubeObject, version: string | undefined]> {
  return vi.waitFor(async () => {
    const live = (await getObject<KubeObject>(transport, resourceOf(created), created.metadata)) ?? created
    return [live, await claimCreated(transport, { live, ...us })] as const
  }, 10_000)
}
