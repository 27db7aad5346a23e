/** The operator dies, OpenBao and the API server stand still, the cluster comes late: each deployment runs in the end. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { parse, stringify } from 'yaml'

import { bind } from '../../deploy/local/access.ts'
import { MADE_KINDS } from '../../operator/user-deployment/caches.ts'
import { LABELS } from '../../src/contract/crd/meta.ts'
import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import { nameOf } from '../../src/modules/deployments/name-of.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { eventually, openCluster } from '../fixtures/cluster.ts'
import { MADE_VERSIONS } from '../fixtures/operator.ts'
import { freeze } from '../fixtures/parts.ts'
import {
  codeOf,
  fillIn,
  installPlatform,
  isReady,
  namespaceOf,
  removeAllOf,
  seen,
  serverKubeconfig,
  startOperatorProcess,
  startServer,
  watch,
  type Person,
  type RunningServer,
} from '../fixtures/platform.ts'
import type { Program } from '../fixtures/program.ts'
import { openWire, targetOf, throughWire } from '../fixtures/wire.ts'

/** As long as a restart of a part takes on a bad day; longer than any time-out of ours and than the lease. */
const STANDSTILL_MS = 20_000

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const test = useTestDb()
  const cluster = openCluster()
  let server: RunningServer
  let operator: Program
  let person: Person

  beforeAll(async () => {
    await installPlatform(cluster)
    server = await startServer({ DATABASE_DSN: test.dsn })
    operator = await startOperatorProcess()
    person = await server.signIn('ada@example.com')
  })
  afterAll(async () => {
    await removeAllOf(cluster, person)
    await Promise.all([server.stop(), operator.stop()])
    await cluster.close()
  })

  interface Made {
    kind: string
    metadata: { name: string; uid: string }
  }

  async function childrenOf(id: DeploymentId): Promise<Made[]> {
    const selector = encodeURIComponent(`${LABELS.deployment}=${nameOf(id)}`)
    const made = MADE_KINDS.map(async (kind) => {
      const metadata = { namespace: namespaceOf(person) }
      const collection = await cluster.pathOf({ apiVersion: MADE_VERSIONS[kind], kind, metadata })
      const { items } = await cluster.get<{ items: Made[] }>(`${collection}?labelSelector=${selector}`)
      return items.map((item) => ({ ...item, kind }))
    })
    return (await Promise.all(made)).flat()
  }

  const stackForm = async (id: DeploymentId) => fillIn(person, 'hello-stack', { id, secrets: { TOKEN: 'x' } })

  it('finishes what an operator had begun that was killed in the middle of it, and makes nothing twice', async () => {
    const id = newId('dep')
    const form = await stackForm(id)
    const plan = await person.api.deployments.plan.mutate(form)
    await person.api.deployments.create.mutate(form)
    const begun = await eventually(30_000, async () => {
      const children = await childrenOf(id)
      if (children.length === 0) throw new Error('nothing is there yet')
      return children
    })
    await operator.kill()
    const left = await childrenOf(id)
    // `web` waits for `api` to be ready, so this is the middle, however quick the kill was.
    expect(left.length).toBeGreaterThanOrEqual(begun.length)
    expect(left.length).toBeLessThan(plan.objects.length)
    expect((await person.api.deployments.get.query({ id })).phase).not.toBe('Ready')

    await operator.restart()
    await seen(person, id, { withinMs: 120_000, is: isReady })
    const whole = await childrenOf(id)
    const names = (objects: { kind: string; name: string }[]) =>
      objects.map(({ kind, name }) => `${kind} ${name}`).toSorted()
    expect(names(whole.map(({ kind, metadata }) => ({ kind, ...metadata })))).toEqual(names(plan.objects))
    const uids = new Set(whole.map(({ metadata }) => metadata.uid))
    expect(left.filter(({ metadata }) => !uids.has(metadata.uid))).toEqual([])
  })

  const isWaiting = ({ phase, reason }: { phase: string; reason: string }): boolean =>
    phase === 'Pending' && reason === 'ClusterUnavailable'

  // At level 1 a cluster that comes late has to do for all that stands still.
  atLevel(9, () => {
    it('refuses secrets while OpenBao stands still, deploys what has none, and takes the same id afterwards', async () => {
      const id = newId('dep')
      const form = await stackForm(id)
      const goOn = await freeze('openbao')
      try {
        const standstill = sleep(STANDSTILL_MS)
        expect(await codeOf(person.api.deployments.create.mutate(form))).toBe('VAULT_UNAVAILABLE')
        expect(await codeOf(person.api.deployments.get.query({ id }))).toBe('NOT_FOUND')
        const without = newId('dep')
        await person.api.deployments.create.mutate(await fillIn(person, 'hello', { id: without }))
        await seen(person, without, { withinMs: 60_000, is: isReady })
        await standstill
      } finally {
        goOn()
      }
      // What OpenBao had been sent may be carried out by now; nothing names it.
      expect(await person.api.deployments.create.mutate(form)).toMatchObject({ id, revision: 1 })
      await seen(person, id, { withinMs: 120_000, is: isReady })
      expect(await test.db.prisma.deployment.count({ where: { id } })).toBe(1)
    })

    it('takes a deployment while the API server stands still, says so, and runs it afterwards', async () => {
      const id = newId('dep')
      const form = await stackForm(id)
      const goOn = await freeze('kube-apiserver')
      try {
        const standstill = sleep(STANDSTILL_MS)
        expect(await codeOf(person.api.deployments.create.mutate(form))).toBe('none')
        await seen(person, id, { withinMs: STANDSTILL_MS, is: isWaiting })
        await standstill
      } finally {
        goOn()
      }
      await seen(person, id, { withinMs: 150_000, is: isReady })
      const children = await childrenOf(id)
      expect(children.filter(({ kind }) => kind === 'Deployment')).toHaveLength(2)
    })
  })

  it('keeps a deployment that came before the cluster, and runs it when the cluster is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shipyard-late-'))
    const kubeconfig = join(folder, 'kubeconfig.yaml')
    const config = parse(readFileSync(serverKubeconfig(), 'utf8')) as {
      clusters: [{ cluster: { server: string } }]
    }
    const [{ cluster: home }] = config.clusters
    const wire = await openWire(targetOf(home.server))
    await wire.down()
    const early = await startServer({ DATABASE_DSN: test.dsn, KUBECONFIG: kubeconfig, LOG_LEVEL: 'debug' })
    await server.stop()
    try {
      const eve = await early.signIn('eve@example.com')
      const id = newId('dep')
      await eve.api.deployments.create.mutate(await fillIn(eve, 'hello', { id }))
      const watching = watch(eve, id)
      await watching.until(isWaiting, 20_000)
      // Its address is known now, and nothing answers there.
      home.server = throughWire(home.server, wire)
      writeFileSync(kubeconfig, stringify(config))
      await sleep(3_000)
      expect(isWaiting(await eve.api.deployments.get.query({ id }))).toBe(true)
      // It answers, and gives us no rights yet.
      const rights = bind('shipyard-server', 'shipyard-server', 'shipyard-server')
      await cluster.delete(`${await cluster.pathOf(rights)}/${rights.metadata.name}`)
      await wire.up()
      await eventually(20_000, async () => expect(early.output()).toContain('cannot patch resource'))
      await cluster.apply(rights)
      await watching.until(isReady, 90_000)
      expect(watching.views.filter(({ phase }) => phase === 'Error')).toEqual([])
      expect(watching.views[0]).toMatchObject({ phase: 'Pending', reason: 'ClusterUnavailable' })
      watching.stop()
      await removeAllOf(cluster, eve)
    } finally {
      await early.stop()
      await wire.close()
      rmSync(folder, { recursive: true })
      await server.restart()
    }
  })
})
