/** The server dies by SIGKILL at four moments of a `deployments.create`: it runs afterwards, or it never was. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'

import { checkCounters } from '../../prisma/sql/check-counters.generated.ts'
import { API_VERSION } from '../../src/contract/crd/meta.ts'
import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import { vaultPaths } from '../../src/contract/names.ts'
import { nameOf } from '../../src/modules/deployments/name-of.ts'
import { sweepUser } from '../../src/modules/secrets/sweep-secrets.ts'
import { systemClock } from '../../src/ports/clock/system.ts'
import { createVault } from '../../src/ports/vault/node-vault.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, openCluster, stackEnv } from '../fixtures/cluster.ts'
import {
  codeOf,
  fillIn,
  installPlatform,
  isReady,
  namespaceOf,
  removeAllOf,
  seen,
  startOperatorProcess,
  startServer,
  type Person,
  type RunningServer,
} from '../fixtures/platform.ts'
import type { Program } from '../fixtures/program.ts'
import { openWire, targetOf, throughWire, type Wire } from '../fixtures/wire.ts'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const test = useTestDb()
  const cluster = openCluster()
  const vault = createVault({
    address: stackEnv('VAULT_ADDR'),
    token: { file: stackEnv('VAULT_TOKEN_FILE') },
    mount: 'secret',
  })
  const wires = {} as { vault: Wire; db: Wire }
  let server: RunningServer
  let operator: Program
  let person: Person

  beforeAll(async () => {
    await installPlatform(cluster)
    wires.vault = await openWire(targetOf(stackEnv('VAULT_ADDR')))
    wires.db = await openWire(targetOf(test.dsn))
    server = await startServer({
      DATABASE_DSN: throughWire(test.dsn, wires.db),
      VAULT_ADDR: throughWire(stackEnv('VAULT_ADDR'), wires.vault),
    })
    operator = await startOperatorProcess()
    person = await server.signIn('ada@example.com')
  })
  afterAll(async () => {
    await removeAllOf(cluster, person)
    await Promise.all([server.stop(), operator.stop()])
    await Promise.all([wires.vault.close(), wires.db.close(), vault.close(), cluster.close()])
  })

  interface Moment {
    wire: keyof typeof wires
    direction: 'there' | 'back'
    /** What is said at this moment. */
    word: (id: DeploymentId) => string
    /** How much there is of it by then: what was held back may still be under way. */
    isReached: (id: DeploymentId) => Promise<boolean>
    /** What a stranger to the accident sees afterwards. */
    outcome: 'runs' | 'never was'
  }
  const moments: Record<string, Moment> = {
    'before its secret has reached Vault': {
      wire: 'vault',
      direction: 'there',
      word: nameOf,
      isReached: async (id) => (await versions(person, id)).length === 0,
      outcome: 'never was',
    },
    'when Vault has its secret and has not answered': {
      wire: 'vault',
      direction: 'back',
      word: nameOf,
      isReached: async (id) => (await versions(person, id)).length === 1,
      outcome: 'never was',
    },
    'before its statement has reached the database': {
      wire: 'db',
      direction: 'there',
      word: (id) => id,
      isReached: async (id) => (await versions(person, id)).length === 1,
      outcome: 'never was',
    },
    'right after its commit, before the answer': {
      wire: 'db',
      direction: 'back',
      word: (id) => id,
      isReached: async (id) => (await rows(id)).length === 1,
      outcome: 'runs',
    },
  }

  /** The others are gone through with a Vault in memory, in `create-deployment.crash.db.test.ts`. */
  const isLooked = (_: unknown, at: number): boolean => inject('testLevel') >= 9 || at % 3 === 0

  describe.each(Object.entries(moments).filter(isLooked))(
    'killed %s',
    (_, { wire, direction, word, isReached, outcome }) => {
      let form: Awaited<ReturnType<typeof fillIn>>
      let id: DeploymentId
      let host: string

      beforeEach(async () => {
        id = newId('dep')
        host = `${nameOf(id)}.example.com`
        const token = randomBytes(24).toString('base64url')
        form = await fillIn(person, 'hello-stack', { id, secrets: { TOKEN: token }, hosts: [host] })
        const caught = wires[wire].hold(direction, word(id))
        const call = codeOf(person.api.deployments.create.mutate(form))
        await caught
        await eventually(10_000, async () => {
          if (!(await isReached(id))) throw new Error('The moment has not come.')
        })
        await server.kill()
        const code = await call
        if (code !== 'lost') throw new Error(`The answer came before the death: ${code}`)
        wires[wire].pass()
        await server.restart()
      })

      it('leaves the deployment running or nowhere, when nobody tries again', async () => {
        await eventually(90_000, async () => expect(await whatBecame(id)).toBe(outcome))
        await expectWhole(outcome === 'runs' ? 1 : 0)
      })

      it('makes the deployment run once, when its maker tries again with the same id', async () => {
        expect(await person.api.deployments.create.mutate(form)).toMatchObject({ id, revision: 1 })
        await seen(person, id, { withinMs: 90_000, is: isReady })
        await expectWhole(1)
      })

      /** Of the deployment there is so much everywhere, which is one or nothing. */
      async function expectWhole(count: 0 | 1): Promise<void> {
        const { prisma } = test.db
        expect(await rows(id)).toHaveLength(count)
        expect(await prisma.revision.count({ where: { deploymentId: id } })).toBe(count)
        expect(await prisma.hostName.count({ where: { host } })).toBe(count)
        expect(await prisma.auditEvent.count({ where: { targetId: id } })).toBe(count)
        expect(await prisma.secretMeta.count({ where: { deploymentId: id } })).toBe(count)
        expect(await test.db.all(checkCounters, {})).toEqual([])
        // The sweeper spares what is young; here it need not wait.
        await sweepUser({ db: test.db, vault, clock: systemClock }, person.userId, -1)
        expect(await versions(person, id)).toHaveLength(count)
        expect(await objects(API_VERSION, 'UserDeployment')).toHaveLength(count)
        expect(await objects('apps/v1', 'Deployment')).toHaveLength(count * 2)
        expect(await objects('v1', 'Service')).toHaveLength(count * 2)
        expect(await objects('networking.k8s.io/v1', 'Ingress')).toHaveLength(count)
      }

      async function objects(apiVersion: string, kind: string): Promise<unknown[]> {
        const namespace = namespaceOf(person)
        const collection = await cluster.pathOf({ apiVersion, kind, metadata: { namespace } })
        const { items } = await cluster.get<{ items: { metadata: { name: string } }[] }>(collection)
        return items.filter(({ metadata }) => metadata.name.startsWith(nameOf(id)))
      }
    },
  )

  async function whatBecame(id: DeploymentId): Promise<string> {
    const call = person.api.deployments.get.query({ id })
    if ((await codeOf(call)) === 'NOT_FOUND') return 'never was'
    return isReady(await call) ? 'runs' : 'is on its way'
  }

  const rows = async (id: DeploymentId) => test.db.prisma.deployment.findMany({ where: { id } })

  async function versions({ userId }: Person, id: DeploymentId): Promise<number[]> {
    const metadata = await vault.readMetadata(vaultPaths.deployment({ userId, name: nameOf(id) }))
    return (metadata?.versions ?? []).filter((each) => !each.isDestroyed).map(({ version }) => version)
  }
})
