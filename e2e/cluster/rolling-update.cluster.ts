/** One update after the other under a hundred requests a second through Traefik: all of them are served. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, it } from 'vitest'

import { smallService } from '../../src/contract/testing/specs.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, throughTraefik } from '../fixtures/cluster.ts'
import { deploy, type Deployed } from '../fixtures/operator.ts'
import { requestLoop } from '../fixtures/request-loop.ts'
import { useOperator } from '../fixtures/use-operator.ts'

const SECONDS = inject('testLevel') >= 9 ? 30 : 10
const PER_SECOND = 100

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const world = useOperator()
  const { cluster } = world

  const revisionOf = (revision: number) => ({
    revision,
    services: [
      smallService({
        replicas: 2,
        env: [
          { name: 'REVISION', value: String(revision) },
          { name: 'SHOW_ENV', value: 'REVISION' },
          // An app that ends as soon as it is told to: that nobody is sent there any more is not its business.
          { name: 'SHUTDOWN_DELAY_MS', value: '0' },
        ],
        health: { http: { path: '/readyz', port: 8080 }, periodSeconds: 1 },
      }),
    ],
  })

  const answering = async ({ name }: Deployed): Promise<string> => {
    const { status, body } = await throughTraefik(`${name}.apps.localhost`)
    if (status !== 200) throw new Error(`Traefik answered ${status}`)
    return (JSON.parse(body) as { env: { REVISION: string } }).env.REVISION
  }

  const until = async (deployed: Deployed, revision: number): Promise<unknown> =>
    deployed.until(90_000, ({ phase, readyRevision }) => phase === 'Ready' && readyRevision === revision)

  it(`loses none of ${PER_SECOND} requests a second while pods are replaced for ${SECONDS} seconds`, async () => {
    const deployed = await deploy(cluster, world.tenant, revisionOf(1))
    await until(deployed, 1)
    const heard = new Set<string>()
    const startedAt = performance.now()
    const loop = requestLoop(PER_SECOND, async () => heard.add(await answering(deployed)))
    let revision = 1
    while (performance.now() - startedAt < SECONDS * 1000) {
      revision += 1
      await deployed.change(revisionOf(revision))
      await until(deployed, revision)
    }
    // The pods of before leave while requests go on.
    await eventually(90_000, async () => {
      expect(await deployed.children('v1', 'Pod')).toHaveLength(2)
    })
    await sleep(500)
    const { requests, failures } = await loop.stop()
    expect(failures).toEqual([])
    const seconds = (performance.now() - startedAt) / 1000
    expect(requests).toBeGreaterThan(seconds * PER_SECOND * 0.9)
    expect([...heard].map(Number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: revision }, (_, index) => index + 1),
    )
  })
})
