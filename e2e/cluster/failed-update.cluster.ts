/** An update that fails on a real node: the old pods serve all along, and it is taken back where that is asked for. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import { nameOf } from '../../src/modules/deployments/name-of.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { openCluster, throughTraefik } from '../fixtures/cluster.ts'
import {
  fillIn,
  installPlatform,
  isReady,
  removeAllOf,
  seen,
  startOperatorProcess,
  startServer,
  type Person,
  type RunningServer,
} from '../fixtures/platform.ts'
import type { Program } from '../fixtures/program.ts'
import { requestLoop } from '../fixtures/request-loop.ts'

/** The registry asks for a password, so the server cannot know whether there is such an image. */
const BROKEN = 'registry-private.localhost/shipyard/no-such-app:1'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const test = useTestDb()
  const cluster = openCluster()
  const servers: RunningServer[] = []
  let operator: Program
  let person: Person

  beforeAll(async () => {
    await installPlatform(cluster)
    // Two, of which only one may take an update back.
    servers.push(await startServer({ DATABASE_DSN: test.dsn }), await startServer({ DATABASE_DSN: test.dsn }))
    operator = await startOperatorProcess()
    const [server] = servers
    if (!server) throw new Error('there are two')
    person = await server.signIn('ada@example.com')
  })
  afterAll(async () => {
    await removeAllOf(cluster, person)
    await Promise.all([...servers, operator].map(async (each) => each.stop()))
    await cluster.close()
  })

  async function aRunningOne(rollbackOnFailure: boolean): Promise<DeploymentId> {
    const id = newId('dep')
    await person.api.deployments.create.mutate(await fillIn(person, 'hello', { id, rollbackOnFailure }))
    await seen(person, id, { withinMs: 90_000, is: isReady })
    return id
  }

  const asking = (id: DeploymentId) =>
    requestLoop(20, async () => {
      const { status } = await throughTraefik(`${nameOf(id)}.apps.localhost`)
      if (status !== 200) throw new Error(`Traefik answered ${status}`)
    })

  const breakIt = async (id: DeploymentId) =>
    person.api.deployments.deployImage.mutate({ id, service: 'web', image: BROKEN })

  it('is taken back by itself, once, while every request is served', async () => {
    const id = await aRunningOne(true)
    const [web] = (await person.api.deployments.get.query({ id })).specs
    const loop = asking(id)
    await breakIt(id)
    const view = await seen(person, id, {
      withinMs: 90_000,
      is: (each) => isReady(each) && each.revision > 2,
    })
    expect(view).toMatchObject({ revision: 3, readyRevision: 3, specs: [{ image: web?.image }] })
    const { requests, failures } = await loop.stop()
    expect(failures).toEqual([])
    expect(requests).toBeGreaterThan(20)
    const { items } = await person.api.deployments.revisions.list.query({ id })
    expect(items).toMatchObject([
      { number: 3, rollbackOf: 1, authorName: 'Shipyard', note: 'Revision 2 failed: ImagePullDenied.' },
      { number: 2 },
      { number: 1 },
    ])
    expect(
      await test.db.prisma.auditEvent.count({ where: { targetId: id, action: 'deployment:rollback' } }),
    ).toBe(1)
  })

  it('says why and goes on serving, where nobody asked for more, and runs when it is mended', async () => {
    const id = await aRunningOne(false)
    const loop = asking(id)
    await breakIt(id)
    const view = await seen(person, id, { withinMs: 90_000, is: ({ phase }) => phase === 'Error' })
    expect(view).toMatchObject({ revision: 2, readyRevision: 1, reason: 'ImagePullDenied' })
    expect(view.message).toContain(`pull the image ${BROKEN} of service web`)
    await person.api.deployments.rollback.mutate({ id, revision: 1 })
    await seen(person, id, { withinMs: 90_000, is: (each) => isReady(each) && each.revision === 3 })
    expect((await loop.stop()).failures).toEqual([])
  })
})
