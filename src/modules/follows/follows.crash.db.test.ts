/** A followed tag makes one revision, also with two servers, and with one that dies at every await. */
import { expect, it, vi } from 'vitest'

import { randomBase32 } from '../../contract/ids.ts'
import { ImageDigest, ImageReference } from '../../contract/image.ts'
import { aTenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { Death, failAtEachCall } from '../../testing/fail-at-each-call.ts'
import { useWorld } from '../../testing/world.ts'
import type { Deps } from '../deps.ts'
import { askRegistries } from './ask-registries.ts'
import { moveImages } from './move-images.ts'

const world = useWorld()
const signal = new AbortController().signal

/** A deployment whose tag has moved, and nobody has noticed yet. */
async function aMovedTag() {
  const image = ImageReference.parse(`registry.localhost/team/app-${randomBase32(8)}:main`)
  const digest = (letter: string) => ImageDigest.parse(`sha256:${letter.repeat(64)}`)
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const api = await world.as(tenant.userId)
  world.registry.push(image, { digest: digest('a') })
  await api.deployments.deployImage({ id, service: 'web', image })
  await api.follows.set({ id, service: 'web', isFollowed: true })
  world.registry.push(image, { digest: digest('b') })
  await world.db.prisma.watchedImage.update({ where: { image }, data: { askAfter: new Date(0) } })
  return { id, image, tenant, api, moved: `${image}@${digest('b')}` }
}

async function run(ports: Pick<Deps, 'db' | 'registry'>, worker: string): Promise<void> {
  const deps = { ...world.deps, ...ports }
  await askRegistries(deps, { worker, signal })
  await moveImages(deps, {
    signal,
    onFailure: (error) => {
      throw error
    },
  })
}

it('makes one revision with two servers at the same time', async () => {
  const other = { db: world.connectAgain(), registry: world.registry }
  for (let round = 0; round < 10; round++) {
    const { id, image, api, moved } = await aMovedTag()
    const resolve = vi.spyOn(world.registry, 'resolve')
    await Promise.all([run(world.deps, 'one'), run(other, 'two')])
    // Whoever found the tag claimed by the other moves on without it.
    await Promise.all([run(world.deps, 'one'), run(other, 'two')])
    expect(resolve.mock.calls.filter(([asked]) => asked === image)).toHaveLength(1)
    resolve.mockRestore()
    const { revision, specs } = await api.deployments.get({ id })
    expect({ revision, image: specs[0]?.image }).toEqual({ revision: 3, image: moved })
  }
})

it('makes one revision wherever a server dies, before a call or after it', async () => {
  const moments = await failAtEachCall({ db: world.db, registry: world.registry }, async (ports, moment) => {
    const { id, api, moved } = await aMovedTag()
    await run(ports, 'dying').catch((error: unknown) => {
      if (!(error instanceof Death)) throw error
    })
    // Its claim ends with time.
    await world.db.prisma.watchedImage.updateMany({ data: { claimedUntil: new Date(0) } })
    await run(world.deps, 'living')
    await run(world.deps, 'living')
    const { revision, specs } = await api.deployments.get({ id })
    expect({ ...moment, revision, image: specs[0]?.image }).toEqual({ ...moment, revision: 3, image: moved })
    const counted = await world.db.prisma.auditEvent.count({ where: { targetId: id, actorKind: 'system' } })
    expect(counted).toBe(1)
  })
  const calls = moments.map(({ call }) => call)
  expect(calls).toContain('registry.resolve')
  expect(calls).toContain('db.first mark-image-asked')
  expect(calls).toContain('db.one update-deployment')
})
