/** What goes wrong with apps on a real node: one word and one sentence for each cause, and its end when it is mended. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

import { findCondition, type Reason } from '../../src/contract/crd/conditions.ts'
import type { UserDeploymentSpecInput, UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { idBody } from '../../src/contract/ids.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { eventually, openCluster, throughTraefik, writeVault } from '../fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  installOperator,
  startOperator,
  type Deployed,
  type RunningOperator,
  type Tenant,
} from '../fixtures/operator.ts'
import { privateRegistry, type PrivateRegistry } from '../fixtures/private-registry.ts'
import { requestLoop } from '../fixtures/request-loop.ts'

type Spec = Partial<UserDeploymentSpecInput>
type Changes = Parameters<typeof smallService>[0]

/** How long a part of the stack may take on a machine that does much else. */
const PATIENCE_MS = 150_000

interface Trouble {
  readonly reason: Reason
  /** What the sentence names: the service, the thing, the next step. */
  readonly says: RegExp
  readonly wish: Spec | ((tenant: Tenant) => Promise<Spec> | Spec)
  readonly mended: Spec | ((tenant: Tenant) => Promise<Spec> | Spec)
}

const of = (changes: Changes): Spec => ({ services: [smallService(changes)] })
const health = { periodSeconds: 1, startupSeconds: 300 }
const missing = 'registry.localhost/shipyard/hello:no-such-tag'
const priv = 'registry-private.localhost/shipyard/troubled-hello:1'
/** Takes 60 MiB before it serves. */
const hungry = 'a=$(head -c 60000000 /dev/zero | tr "\\0" a); exec httpd -f -p 8080'

let registry: PrivateRegistry
const privateLogin = (): Record<string, string> => ({
  username: registry.username,
  password: registry.password,
})
const credentials = (tenant: Tenant): string => `users/${idBody(tenant.owner.userId)}/secrets`
const pullSecrets = (tenant: Tenant, version: number): Spec => ({
  pullSecrets: [{ registry: 'registry-private.localhost', path: credentials(tenant), version }],
})
const token = (tenant: Tenant, version: number): Spec =>
  of({
    secrets: [
      {
        path: `orgs/${idBody(tenant.owner.orgId)}/secrets`,
        version,
        keys: [
          { key: 'THERE', env: 'THERE' },
          { key: 'TOKEN', env: 'TOKEN' },
        ],
      },
    ],
  })

/** Of a namespace of its own each, so that nobody waits for another's quota. */
const troubles = {
  'an image that is not there': {
    reason: 'ImageNotFound',
    says: /^The image .*hello:no-such-tag of service web does not exist\. Check its name and tag\.$/,
    wish: of({ image: missing }),
    mended: of({}),
  },
  'an image behind a password, and none given': {
    reason: 'ImagePullDenied',
    says: /^The registry does not let the cluster pull the image registry-private\.localhost.* of service web\. .*pull secret/,
    wish: of({ image: priv }),
    mended: async (tenant) => {
      const version = await writeVault(credentials(tenant), privateLogin())
      return { ...of({ image: priv }), ...pullSecrets(tenant, version) }
    },
  },
  'an image behind a password, and a wrong one given': {
    reason: 'ImagePullDenied',
    says: /^The registry does not let the cluster pull the image .* of service web\. .*pull secret/,
    wish: async (tenant) => {
      const version = await writeVault(credentials(tenant), { username: 'shipyard', password: 'wrong' })
      return { ...of({ image: priv }), ...pullSecrets(tenant, version) }
    },
    mended: async (tenant) => {
      const version = await writeVault(credentials(tenant), privateLogin())
      return { ...of({ image: priv }), ...pullSecrets(tenant, version) }
    },
  },
  'a program that ends': {
    reason: 'CrashLoop',
    says: /^Service web ended with exit code 2 right after its start, (once|\d+ times)\. Look at its log\.$/,
    wish: of({ args: ['nonsense'] }),
    mended: of({}),
  },
  'a command that is not there': {
    reason: 'ConfigError',
    says: /^The command of service web cannot be started in its image.*Check command and arguments\.$/,
    wish: of({ command: ['/no/such/program'] }),
    mended: of({}),
  },
  'a program that eats memory': {
    reason: 'OutOfMemory',
    says: /^Service web used more memory than its limit of 48Mi and was ended\. Raise its memory limit\.$/,
    wish: of({
      image: 'registry.localhost/shipyard/busybox:1',
      runAsUser: 65_532,
      command: ['/bin/sh', '-c', hungry],
      resources: { requests: { memory: '16Mi' }, limits: { memory: '48Mi' } },
    }),
    mended: of({
      image: 'registry.localhost/shipyard/busybox:1',
      runAsUser: 65_532,
      command: ['/bin/sh', '-c', hungry],
      resources: { requests: { memory: '16Mi' }, limits: { memory: '512Mi' } },
    }),
  },
  'more CPU than the node has': {
    reason: 'Unschedulable',
    says: /^No node has enough CPU for a pod of service web, which asks for 60: .*Lower what it requests, or wait for room\.$/,
    wish: of({ resources: { requests: { cpu: '60' }, limits: { cpu: '60' } } }),
    mended: of({}),
  },
  'a quota that is used up': {
    reason: 'QuotaExceeded',
    says: /^The quota of the namespace has no room for a pod of service web: requested: requests\.memory=.*, limited: requests\.memory=.* larger plan\.$/,
    wish: of({ resources: { requests: { memory: '200Gi' }, limits: { memory: '200Gi' } } }),
    mended: of({}),
  },
  'a health check that is answered badly': {
    reason: 'ProbeFailing',
    says: /^Service web runs, but its health check \(GET \/nowhere on port 8080\) does not succeed.*statuscode: 404.*Look at its log/,
    wish: of({ health: { ...health, http: { path: '/nowhere', port: 8080 } } }),
    mended: of({ health: { ...health, http: { path: '/readyz', port: 8080 } } }),
  },
  'a health check at a port where nobody listens': {
    reason: 'ProbeFailing',
    says: /^Service web runs, but its health check \(a connection to port 9\) does not succeed.*connection refused.*Look at its log/,
    wish: of({ health: { ...health, tcp: { port: 9 } } }),
    mended: of({ health: { ...health, tcp: { port: 8080 } } }),
  },
  'a secret of which a key is missing': {
    reason: 'SecretsIncomplete',
    says: /^Vault has no value for TOKEN of orgs\/.*\/secrets \(version \d+\)\. Set the secret\.$/,
    wish: async (tenant) =>
      token(tenant, await writeVault(`orgs/${idBody(tenant.owner.orgId)}/secrets`, { THERE: 'x' })),
    mended: async (tenant) =>
      token(
        tenant,
        await writeVault(`orgs/${idBody(tenant.owner.orgId)}/secrets`, { THERE: 'x', TOKEN: 'y' }),
      ),
  },
  'a volume of a storage class that is not there': {
    reason: 'VolumePending',
    says: /^The volume data of service web \(storage class nowhere\) is not there yet: .*check the storage class\.$/,
    wish: of({ volumes: [{ name: 'data', path: '/data', size: '1Mi', storageClass: 'nowhere' }] }),
    mended: of({ volumes: [{ name: 'files', path: '/data', size: '1Mi' }] }),
  },
} satisfies Record<string, Trouble>

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const tenants: Tenant[] = []
  let operator: RunningOperator

  beforeAll(async () => {
    await installOperator(cluster)
    registry = await privateRegistry('shipyard/troubled-hello')
    operator = await startOperator()
  })
  afterAll(async () => {
    await Promise.all(tenants.map(async ({ namespace }) => cluster.delete(`/api/v1/namespaces/${namespace}`)))
    await operator.stop()
    await cluster.close()
  })

  async function newTenant(): Promise<Tenant> {
    const tenant = await createTenant(cluster, 'enterprise')
    tenants.push(tenant)
    return tenant
  }

  /** Waits until condition, service and event say it in the same words. */
  async function expectSaid(deployed: Deployed, { reason, says }: Trouble): Promise<UserDeploymentStatus> {
    const isSaid = (word?: { reason?: string | undefined; message?: string | undefined }): boolean =>
      word?.reason === reason && says.test(word.message ?? '')
    const status = await deployed.until(PATIENCE_MS, ({ conditions }) =>
      isSaid(findCondition(conditions, 'Ready')),
    )
    for (const service of status.services.filter((each) => each.reason === reason))
      expect(service.message).toMatch(says)
    await expectEvent(deployed, reason, says)
    return status
  }

  async function expectEvent(deployed: Deployed, reason: Reason, says = /\.$/): Promise<void> {
    await eventually(15_000, async () => {
      expect(await deployed.events()).toContainEqual(
        expect.objectContaining({ reason, note: expect.stringMatching(says) }),
      )
    })
  }

  describe.concurrent('a deployment with', () => {
    it.each(Object.entries<Trouble>(troubles))(
      '%s says so, and runs when it is mended',
      async (_, trouble) => {
        const tenant = await newTenant()
        const specOf = async (each: Trouble['wish']): Promise<Spec> =>
          typeof each === 'function' ? each(tenant) : each
        const deployed = await deploy(cluster, tenant, await specOf(trouble.wish))
        await expectSaid(deployed, trouble)
        await deployed.change({ revision: 2, ...(await specOf(trouble.mended)) })
        const { readyRevision } = await deployed.until(PATIENCE_MS, ({ phase }) => phase === 'Ready')
        expect(readyRevision).toBe(2)
        await expectEvent(deployed, 'Available')
      },
    )

    // Five minutes are the least that an image may take to be pulled.
    atLevel(9, () => {
      it('an update that finds no room stops, and the old pods serve on', { timeout: 500_000 }, async () => {
        const deployed = await deploy(cluster, await newTenant(), {})
        await deployed.until(PATIENCE_MS, ({ phase }) => phase === 'Ready')
        const loop = requestLoop(5, async () => {
          const { status } = await throughTraefik(`${deployed.name}.apps.localhost`)
          if (status !== 200) throw new Error(`Traefik answered ${status}`)
        })
        await deployed.change({ revision: 2, ...troubles['more CPU than the node has'].wish })
        const status = await deployed.until(450_000, ({ phase }) => phase === 'Error')
        expect(status).toMatchObject({ readyRevision: 1, lastError: { reason: 'Unschedulable' } })
        expect(findCondition(status.conditions, 'Stalled')).toMatchObject({ status: 'True' })
        await deployed.change({ revision: 3, ...of({}) })
        await deployed.until(PATIENCE_MS, ({ readyRevision }) => readyRevision === 3)
        expect((await loop.stop()).failures).toEqual([])
      })
    })

    it('a host name that another one has says so, and runs when that one has given it back', async () => {
      const [first, second] = await Promise.all([newTenant(), newTenant()])
      const host = `shop-${first.namespace.slice(-8)}.example.com`
      const ingress = { service: 'web', port: 8080 }
      const holder = await deploy(cluster, first, { ingress: { ...ingress, hosts: [host] } })
      await holder.until(PATIENCE_MS, ({ phase }) => phase === 'Ready')
      const late = await deploy(cluster, second, { ingress: { ...ingress, hosts: [host] } })
      await expectSaid(late, {
        reason: 'HostTaken',
        says: /^The host name shop-.* belongs to another deployment\. Remove it here or there\.$/,
        wish: {},
        mended: {},
      })
      expect((await holder.status())?.phase).toBe('Ready')
      await holder.change({ revision: 2, ingress })
      await late.until(PATIENCE_MS, ({ phase }) => phase === 'Ready')
    })
  })
})
