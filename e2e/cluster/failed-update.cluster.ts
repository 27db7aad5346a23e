/** An update that fails on a real node: the old pods serve all along, and it is taken back where that is asked for. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, it } from 'vitest'

import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import { nameOf } from '../../src/modules/deployments/name-of.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { throughTraefik } from '../fixtures/cluster.ts'
import { fillIn, isReady, seen } from '../fixtures/platform.ts'
import { requestLoop } from '../fixtures/request-loop.ts'
import { usePlatform } from '../fixtures/use-platform.ts'

/** The registry asks for a password, so the server cannot know whether there is such an image. */
const BROKEN = 'registry-private.localhost/shipyard/no-such-app:1'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  // Two, of which only one may take an update back.
  const platform = usePlatform({ servers: 2 })

  async function aRunningOne(rollbackOnFailure: boolean): Promise<DeploymentId> {
    const id = newId('dep')
    await platform.person.api.deployments.create.mutate(
      await fillIn(platform.person, 'hello', { id, rollbackOnFailure }),
    )
    await seen(platform.person, id, { withinMs: 90_000, is: isReady })
    return id
  }

  const asking = (id: DeploymentId) =>
    requestLoop(20, async () => {
      const { status } = await throughTraefik(`${nameOf(id)}.apps.localhost`)
      if (status !== 200) throw new Error(`Traefik answered ${status}`)
    })

  const breakIt = async (id: DeploymentId) =>
    platform.person.api.deployments.deployImage.mutate({ id, service: 'web', image: BROKEN })

  it('is taken back by itself, once, while every request is served', async () => {
    const id = await aRunningOne(true)
    const [web] = (await platform.person.api.deployments.get.query({ id })).specs
    const loop = asking(id)
    await breakIt(id)
    const view = await seen(platform.person, id, {
      withinMs: 90_000,
      is: (each) => isReady(each) && each.revision > 2,
    })
    expect(view).toMatchObject({ revision: 3, readyRevision: 3, specs: [{ image: web?.image }] })
    // All of it may take less than a second; what comes after is to be served as well.
    await sleep(2_000)
    const { requests, failures } = await loop.stop()
    expect(failures).toEqual([])
    expect(requests).toBeGreaterThan(20)
    const { items } = await platform.person.api.deployments.revisions.list.query({ id })
    expect(items).toMatchObject([
      { number: 3, rollbackOf: 1, authorName: 'Shipyard', note: 'Revision 2 failed: ImagePullDenied.' },
      { number: 2 },
      { number: 1 },
    ])
    expect(
      await platform.db.prisma.auditEvent.count({ where: { targetId: id, action: 'deployment:rollback' } }),
    ).toBe(1)
  })

  it('says why and goes on serving, where nobody asked for more, and runs when it is mended', async () => {
    const id = await aRunningOne(false)
    const loop = asking(id)
    await breakIt(id)
    const view = await seen(platform.person, id, { withinMs: 90_000, is: ({ phase }) => phase === 'Error' })
    expect(view).toMatchObject({ revision: 2, readyRevision: 1, reason: 'ImagePullDenied' })
    expect(view.message).toContain(`pull the image ${BROKEN} of service web`)
    await platform.person.api.deployments.rollback.mutate({ id, revision: 1 })
    await seen(platform.person, id, { withinMs: 90_000, is: (each) => isReady(each) && each.revision === 3 })
    expect((await loop.stop()).failures).toEqual([])
  })
})
