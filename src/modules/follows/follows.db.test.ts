/** Services that follow a tag: what moves them, what does not, and who is said to have done it. */
import { afterEach, expect, it, vi } from 'vitest'

import { randomBase32, type DeploymentId } from '../../contract/ids.ts'
import { ImageDigest, ImageReference } from '../../contract/image.ts'
import { aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import { askRegistries } from './ask-registries.ts'
import { moveImages } from './move-images.ts'

const world = useWorld()
const signal = new AbortController().signal

afterEach(() => vi.restoreAllMocks())

const digestOf = (letter: string) => ImageDigest.parse(`sha256:${letter.repeat(64)}`)
const push = (image: string, letter: string) =>
  world.registry.push(ImageReference.parse(image), { digest: digestOf(letter) })

/** A tag of its own for each case. */
const aTag = (): string => `registry.localhost/team/app-${randomBase32(8)}:main`

async function following(tenant: Tenant, image: string): Promise<DeploymentId> {
  const id = await deployed(world, tenant)
  const api = await world.as(tenant.userId)
  await api.deployments.deployImage({ id, service: 'web', image })
  await api.follows.set({ id, service: 'web', isFollowed: true })
  return id
}

async function aFollower() {
  const tenant = await aTenant(world.db)
  const image = aTag()
  push(image, 'a')
  const id = await following(tenant, image)
  return { tenant, image, id, api: await world.as(tenant.userId) }
}

/** As when its pause is over. */
const due = async (): Promise<void> =>
  void (await world.db.prisma.watchedImage.updateMany({ data: { askAfter: new Date(0) } }))

const failures: unknown[] = []
async function run(): Promise<number> {
  await due()
  await askRegistries(world.deps, { worker: 'one', signal })
  return moveImages(world.deps, { signal, onFailure: (error) => failures.push(error) })
}

const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => ((error as Error).cause as { code: string }).code,
  )

it('makes one revision of a digest that the tag comes to mean, and another one of the next', async () => {
  const { api, id, image } = await aFollower()
  expect(await run()).toBe(0)
  push(image, 'b')
  expect(await run()).toBe(1)
  expect(await run()).toBe(0)
  expect(await api.deployments.get({ id })).toMatchObject({ revision: 3 })
  expect((await api.deployments.get({ id })).specs[0]?.image).toBe(`${image}@${digestOf('b')}`)
  push(image, 'a')
  expect(await run()).toBe(1)
  expect((await api.deployments.get({ id })).specs[0]?.image).toBe(`${image}@${digestOf('a')}`)
  expect(failures).toEqual([])
})

it('says in history, activity and audit who did it, and for whom', async () => {
  const { api, id, image, tenant } = await aFollower()
  push(image, 'b')
  await run()
  const [newest] = (await api.deployments.revisions.list({ id })).items
  expect(newest).toMatchObject({ number: 3, authorName: 'image watcher', note: `${image} has moved` })
  const { items } = await api.deployments.activity({ id })
  expect(items.slice(0, 2)).toMatchObject([
    {
      kind: 'image_moved',
      actorName: 'image watcher',
      revision: 3,
      detail: { service: 'web', image, digest: digestOf('b'), onBehalfOf: 'Ada' },
    },
    { kind: 'image_followed', actorName: 'Ada', detail: { service: 'web', image } },
  ])
  const audit = await world.db.prisma.auditEvent.findMany({ where: { targetId: id }, orderBy: { at: 'asc' } })
  expect(audit.at(-1)).toMatchObject({
    actorKind: 'system',
    actorName: 'image watcher',
    actorId: null,
    onBehalfOfId: tenant.userId,
    changes: {
      'services.web.image': { from: expect.any(String), to: expect.stringContaining(digestOf('b')) },
    },
    action: 'deployment:update',
    detail: { revision: 3 },
    requestId: null,
  })
  expect(audit.at(-2)).toMatchObject({
    actorKind: 'user',
    detail: { service: 'web', image, isFollowed: true },
  })
})

it('shows what is followed and when it was asked, and ends it without a trace in the registry', async () => {
  const { api, id, image } = await aFollower()
  expect(await api.follows.list({ id })).toEqual([
    {
      service: 'web',
      image,
      isCurrent: true,
      followedBy: 'Ada',
      since: expect.any(String),
      askedAt: expect.any(String),
      problem: null,
    },
  ])
  await api.follows.set({ id, service: 'web', isFollowed: false })
  expect(await api.follows.list({ id })).toEqual([])
  push(image, 'b')
  const resolve = vi.spyOn(world.registry, 'resolve')
  expect(await run()).toBe(0)
  expect(resolve.mock.calls.filter(([asked]) => asked === image)).toEqual([])
  expect(await world.db.prisma.watchedImage.count({ where: { image } })).toBe(0)
  expect((await api.deployments.activity({ id })).items[0]).toMatchObject({ kind: 'image_unfollowed' })
})

it('brings a service at once to what the tag means when it is switched on', async () => {
  const tenant = await aTenant(world.db)
  const image = aTag()
  push(image, 'a')
  const id = await deployed(world, tenant)
  const api = await world.as(tenant.userId)
  await api.deployments.deployImage({ id, service: 'web', image })
  push(image, 'b')
  await api.follows.set({ id, service: 'web', isFollowed: true })
  expect(await moveImages(world.deps, { signal, onFailure: () => undefined })).toBe(1)
})

it('asks once for a tag that many follow, and moves them all', async () => {
  const tenant = await aTenant(world.db)
  const image = aTag()
  push(image, 'a')
  const ids = [await following(tenant, image), await following(tenant, image), await following(tenant, image)]
  push(image, 'b')
  const resolve = vi.spyOn(world.registry, 'resolve')
  expect(await run()).toBe(3)
  expect(resolve.mock.calls.filter(([asked]) => asked === image)).toHaveLength(1)
  const api = await world.as(tenant.userId)
  for (const id of ids) expect((await api.deployments.get({ id })).revision).toBe(3)
})

it.each(['stopped', 'of a suspended organisation'])(
  'leaves one alone that is %s, until it is not',
  async (how) => {
    const { api, id, image, tenant } = await aFollower()
    const suspendOrg = async (suspendedAt: Date | null) =>
      world.db.prisma.organization.update({ where: { id: tenant.orgId }, data: { suspendedAt } })
    await (how === 'stopped' ? api.deployments.suspend({ id }) : suspendOrg(new Date()))
    push(image, 'b')
    const resolve = vi.spyOn(world.registry, 'resolve')
    expect(await run()).toBe(0)
    expect(resolve.mock.calls.filter(([asked]) => asked === image)).toEqual([])
    expect((await api.deployments.get({ id })).revision).toBe(2)
    await (how === 'stopped' ? api.deployments.resume({ id }) : suspendOrg(null))
    expect(await run()).toBe(1)
  },
)

it('leaves alone what is being deleted, and forgets what is gone', async () => {
  const { api, id, image } = await aFollower()
  push(image, 'b')
  await due()
  await askRegistries(world.deps, { worker: 'one', signal })
  await api.deployments.delete({ id })
  expect(await moveImages(world.deps, { signal, onFailure: () => undefined })).toBe(0)
  expect(await code(api.follows.set({ id, service: 'web', isFollowed: true }))).toBe('BEING_DELETED')
})

it('leaves people their choice: another tag, an older revision, the same digest by hand', async () => {
  const { api, id, image } = await aFollower()
  push(image, 'b')
  await run()
  await api.deployments.rollback({ id, revision: 2 })
  expect(await run()).toBe(0)
  push(image, 'c')
  await api.deployments.deployImage({ id, service: 'web', image })
  expect(await run()).toBe(0)
  await api.deployments.rollback({ id, revision: 3 })
  expect(await run()).toBe(0)
  const other = aTag()
  push(other, 'a')
  await api.deployments.deployImage({ id, service: 'web', image: other })
  push(image, 'd')
  expect(await run()).toBe(0)
  expect(await api.follows.list({ id })).toMatchObject([{ image, isCurrent: false }])
})

it('says why a registry gives no digest, asks it ever more seldom, and changes nothing', async () => {
  const { api, id, image } = await aFollower()
  world.registry.setBroken('registry.localhost', 'RegistryUnavailable')
  expect(await run()).toBe(0)
  expect(await run()).toBe(0)
  world.registry.setBroken('registry.localhost', undefined)
  expect(await api.follows.list({ id })).toMatchObject([{ problem: 'RegistryUnavailable' }])
  const row = await world.db.prisma.watchedImage.findUniqueOrThrow({ where: { image } })
  expect(row).toMatchObject({ attempts: 2, digest: digestOf('a') })
  expect(row.askAfter.getTime() - (row.askedAt?.getTime() ?? 0)).toBeGreaterThan(4 * 300 * 900 - 1)
  await run()
  expect(await api.follows.list({ id })).toMatchObject([{ problem: null }])
})

it('asks for so many in one run, and for the others in the next', async () => {
  const { id } = await aFollower()
  const images = Array.from({ length: 120 }, (_, index) => `registry.localhost/many/app-${index}:main`)
  await world.db.prisma.watchedImage.createMany({ data: images.map((image) => ({ image })) })
  const follow = { deploymentId: id, followedById: 'x', followedByName: 'Ada' }
  await world.db.prisma.imageFollow.createMany({
    data: images.map((image, index) => ({ ...follow, service: `s-${index}`, image, watchedImage: image })),
  })
  expect(await askRegistries(world.deps, { worker: 'one', signal })).toBe(100)
  expect(await askRegistries(world.deps, { worker: 'one', signal })).toBe(20)
  await world.db.prisma.imageFollow.deleteMany({ where: { deploymentId: id } })
})

it('follows no image that has no tag, that is not there, or that needs a password', async () => {
  const { api, id, image } = await aFollower()
  const on = { id, service: 'web', isFollowed: true }
  await api.deployments.deployImage({ id, service: 'web', image: `registry.localhost/x@${digestOf('a')}` })
  expect(await code(api.follows.set(on))).toBe('INVALID_INPUT')
  await api.deployments.deployImage({ id, service: 'web', image: `${aTag()}@${digestOf('a')}` })
  expect(await code(api.follows.set(on))).toBe('IMAGE_NOT_FOUND')
  world.registry.setBroken('locked.example', 'AccessDenied')
  await api.deployments.deployImage({ id, service: 'web', image: 'locked.example/a:1' })
  expect(await code(api.follows.set(on))).toBe('IMAGE_DENIED')
  world.registry.setBroken('locked.example', 'HostNotAllowed')
  expect(await code(api.follows.set(on))).toBe('REGISTRY_UNAVAILABLE')
  expect(await code(api.follows.set({ ...on, service: 'nope' }))).toBe('NOT_FOUND')
  expect(await api.follows.list({ id })).toMatchObject([{ image, isCurrent: false }])
})
