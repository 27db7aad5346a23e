/**
 * Whatever somebody with all rights puts into the cluster, and whatever the cluster lacks: a condition says so, nothing
 * is tried again and again, and a deployment beside it goes on as if nothing were. On an API server of its own, which
 * knows neither External Secrets nor Traefik nor metrics, and whose schemas can be taken away.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'

import type { ClusterApi } from '../../deploy/local/cluster-api.ts'
import { eventually } from '../../e2e/fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  installManifests,
  startOperator,
  type Deployed,
  type RunningOperator,
  type Tenant,
} from '../../e2e/fixtures/operator.ts'
import { withoutSchema, withVersions } from '../../e2e/fixtures/other-definitions.ts'
import { startOwnApiServer, type OwnApiServer } from '../../e2e/fixtures/own-api-server.ts'
import { API_VERSION, GROUP, PLURALS } from '../../src/contract/crd/meta.ts'
import { idBody } from '../../src/contract/ids.ts'
import { generateName } from '../../src/contract/names.ts'
import { atLevel } from '../../src/testing/levels.ts'
import { smallService, smallSpec } from '../../src/contract/testing/specs.ts'

let server: OwnApiServer
let cluster: ClusterApi
let operator: RunningOperator
let tenant: Tenant
let bystander: Deployed
let revision = 1

// No pod has to run for it to be ready.
const quiet = { services: [smallService({ replicas: 0 })], ingress: undefined }

async function begin(): Promise<void> {
  operator = await startOperator({ CLUSTER_SECRET_STORE: 'vault' }, server)
}

beforeAll(async () => {
  server = await startOwnApiServer()
  cluster = server.cluster
  await installManifests(cluster)
  await begin()
  tenant = await createTenant(cluster, 'enterprise')
  bystander = await deploy(cluster, await createTenant(cluster, 'enterprise'), quiet)
  await bystander.until(30_000, ({ phase }) => phase === 'Ready')
}, 120_000)
afterAll(async () => {
  await operator.stop()
  await server.stop()
})

const pathOf = (name: string): string =>
  `/apis/${API_VERSION}/namespaces/${tenant.namespace}/${PLURALS.UserDeployment}/${name}`

async function patch(path: string, change: unknown): Promise<void> {
  await cluster.call('PATCH', path, {
    type: 'application/merge-patch+json',
    content: JSON.stringify(change),
  })
}

/** Nothing is written and hardly anything looked at for a while, and another deployment is changed as ever. */
async function expectCalm(): Promise<void> {
  // What has just been done to the cluster may be heard of for a while; a loop never ends.
  await eventually(30_000, async () => {
    const [writes, looks] = [await operator.writes(), await operator.looks()]
    await sleep(2_000)
    expect(await operator.writes()).toEqual(writes)
    expect((await operator.looks()) - looks).toBeLessThan(4)
  })
  revision += 1
  await bystander.change({ revision })
  await bystander.until(10_000, ({ readyRevision }) => readyRevision === revision)
}

/** Specs, or what is put over one that is sound. */
const NONSENSE: readonly unknown[] = [
  'nonsense',
  [1, 2, 3],
  { owner: undefined },
  { services: 7 },
  { services: [{ name: 'web' }] },
  { services: [smallService({ ports: [{ port: -1 }] })] },
  { services: [smallService({ name: '$(rm -rf /)' })] },
  { ingress: { hosts: { a: 1 } } },
  { owner: ['usr_x'] },
]

interface Live {
  metadata: { uid: string; finalizers?: string[] }
  status?: { phase?: string; lastError?: { reason: string; message: string } }
}
const statusOf = async (name: string): Promise<Live['status']> =>
  (await cluster.get<Live>(pathOf(name))).status

async function put(name: string, nonsense: unknown): Promise<void> {
  const isObject = typeof nonsense === 'object' && !Array.isArray(nonsense)
  const spec = isObject ? { ...smallSpec({ owner: tenant.owner }), ...nonsense } : nonsense
  const content = JSON.stringify({
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: { name },
    spec,
  })
  // A schema is gone an instant after its definition says so.
  await eventually(30_000, async () =>
    cluster.call('POST', pathOf('').slice(0, -1), { type: 'application/json', content }),
  )
}

it('says what is wrong with specs that no schema held back, also when the schema is there again', async () => {
  const named = () => NONSENSE.map((nonsense) => ({ name: generateName(), nonsense }))
  const [seen, unseen] = [named(), named()]
  await withoutSchema(cluster, async () => {
    for (const { name, nonsense } of seen) await put(name, nonsense)
    for (const { name } of seen) await untilInvalid(name)
    await operator.stop()
    for (const { name, nonsense } of unseen) await put(name, nonsense)
  })
  await begin()
  for (const { name } of seen) await untilInvalid(name)
  // Of some of them the API server takes no status any more, from nobody.
  for (const { name } of unseen)
    await eventually(30_000, async () => expect(await toldOf(name)).toContain('InvalidSpec'))
  await expectCalm()
})

async function untilInvalid(name: string): Promise<void> {
  await eventually(30_000, async () => {
    const status = await statusOf(name)
    expect(status).toMatchObject({ phase: 'Error', lastError: { reason: 'InvalidSpec' } })
    expect(status?.lastError?.message).toMatch(/^[A-Z].*[.)]$/s)
  })
}

/** The reasons of the events about it. */
async function toldOf(name: string): Promise<string[]> {
  const path = `/apis/events.k8s.io/v1/namespaces/${tenant.namespace}/events`
  const { items } = await cluster.get<{ items: { regarding: { name: string }; reason: string }[] }>(path)
  return items.filter(({ regarding }) => regarding.name === name).map(({ reason }) => reason)
}

it.each([
  [
    'External Secrets',
    'SecretStoreUnavailable',
    /External Secrets Operator is not installed/,
    (owner: string) => ({
      services: [
        smallService({
          replicas: 0,
          secrets: [{ path: `users/${owner}/secrets`, version: 1, keys: [{ key: 'TOKEN', env: 'TOKEN' }] }],
        }),
      ],
      ingress: undefined,
    }),
  ],
  [
    "Traefik's own kinds",
    'IngressUnsupported',
    /does not know Traefik's Middleware/,
    () => ({ services: quiet.services, ingress: { service: 'web', port: 8080, redirectToHttps: true } }),
  ],
] as const)('says that the cluster lacks %s, and makes nothing halfway', async (_, reason, says, specOf) => {
  const deployed = await deploy(cluster, tenant, specOf(idBody(tenant.owner.userId)))
  const status = await deployed.until(30_000, ({ phase }) => phase === 'Error')
  expect(status.lastError?.reason).toBe(reason)
  expect(status.lastError?.message).toMatch(says)
  expect(await deployed.children('apps/v1', 'Deployment')).toEqual([])
  await expectCalm()
  await deployed.change(quiet)
  await deployed.until(30_000, ({ phase }) => phase === 'Ready')
})

it('leaves what somebody else made in the place of its own, says so, and goes on when that is gone', async () => {
  const deployed = await deploy(cluster, tenant, quiet)
  await deployed.until(30_000, ({ phase }) => phase === 'Ready')
  const services = `/api/v1/namespaces/${tenant.namespace}/services`
  const foreign = {
    metadata: { name: `${deployed.name}-api` },
    spec: { selector: { app: 'mine' }, ports: [{ port: 80 }] },
  }
  const content = JSON.stringify({ apiVersion: 'v1', kind: 'Service', ...foreign })
  await cluster.call('POST', services, { type: 'application/json', content })
  const path = `${services}/${foreign.metadata.name}`
  const before = await cluster.get<Live>(path)
  const api = smallService({ name: 'api', replicas: 0 })
  await deployed.change({ services: [...quiet.services, api], ingress: undefined })
  const { lastError } = await deployed.until(30_000, ({ phase }) => phase === 'Error')
  const message = expect.stringContaining(`Service ${foreign.metadata.name}`) as string
  expect(lastError).toMatchObject({ reason: 'NameTaken', message })
  await expectCalm()
  expect(await cluster.get<Live>(path)).toEqual(before)
  await cluster.delete(path)
  await deployed.until(60_000, ({ phase }) => phase === 'Ready')
  expect((await cluster.get<Live>(path)).metadata.uid).not.toBe(before.metadata.uid)
})

atLevel(2, () => {
  it('does with a version that it does not know what the API server makes of it, and nothing where it makes nothing', async () => {
    const object = { apiVersion: `${GROUP}/v9`, kind: 'UserDeployment', metadata: { name: generateName() } }
    const path = pathOf('').slice(0, -1).replace('/v1alpha1/', '/v9/')
    const content = JSON.stringify({ ...object, spec: smallSpec({ owner: tenant.owner, ...quiet }) })
    const post = async (): Promise<string> =>
      cluster.call('POST', path, { type: 'application/json', content })
    await expect(post()).rejects.toThrow('404')
    await withVersions(
      cluster,
      ([first]) => [first, { ...first, name: 'v9', storage: false }],
      async () => {
        await eventually(30_000, post)
        await eventually(30_000, async () =>
          expect(await statusOf(object.metadata.name)).toMatchObject({ phase: 'Ready' }),
        )
      },
    )
    await expectCalm()
  })

  it('tells of a finalizer of somebody else, and leaves it to that one', async () => {
    const deployed = await deploy(cluster, tenant, quiet)
    await deployed.until(30_000, ({ phase }) => phase === 'Ready')
    await patch(pathOf(deployed.name), { metadata: { finalizers: ['example.com/somebody-else'] } })
    await deployed.delete()
    await deployed.until(30_000, ({ phase }) => phase === 'Deleting')
    const { metadata } = await cluster.get<Live>(pathOf(deployed.name))
    expect(metadata.finalizers).toEqual(['example.com/somebody-else'])
    await expectCalm()
    await patch(pathOf(deployed.name), { metadata: { finalizers: null } })
    await eventually(30_000, async () => expect(deployed.status()).rejects.toThrow('404'))
  })

  it('makes again what somebody holds back by a finalizer, when that one lets go', async () => {
    const deployed = await deploy(cluster, tenant, quiet)
    await deployed.until(30_000, ({ phase }) => phase === 'Ready')
    const path = `/api/v1/namespaces/${tenant.namespace}/services/${deployed.name}-web`
    const { metadata } = await cluster.get<Live>(path)
    await patch(path, { metadata: { finalizers: ['example.com/somebody-else'] } })
    await cluster.delete(path)
    await deployed.until(30_000, ({ conditions }) =>
      conditions.some(
        ({ message }) => message.startsWith('The Service') && message.includes('is made again when'),
      ),
    )
    await expectCalm()
    await patch(path, { metadata: { finalizers: null } })
    await eventually(30_000, async () =>
      expect((await cluster.get<Live>(path)).metadata.uid).not.toBe(metadata.uid),
    )
    await deployed.until(30_000, ({ phase }) => phase === 'Ready')
  })

  it('makes nothing in a namespace that is going and cannot', async () => {
    const going = await createTenant(cluster, 'enterprise')
    const deployed = await deploy(cluster, going, quiet)
    await deployed.until(30_000, ({ phase }) => phase === 'Ready')
    const held = `/api/v1/namespaces/${going.namespace}/configmaps`
    const content = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', finalizers: ['example.com/somebody-else'] },
    })
    await cluster.call('POST', held, { type: 'application/json', content })
    const path = pathOf(deployed.name).replace(tenant.namespace, going.namespace)
    await patch(path, { metadata: { finalizers: ['example.com/somebody-else'] } })
    await cluster.delete(`/api/v1/namespaces/${going.namespace}`)
    await deployed.until(60_000, ({ phase }) => phase === 'Deleting')
    await eventually(60_000, async () => expect(await deployed.children('apps/v1', 'Deployment')).toEqual([]))
    await expectCalm()
    expect(await deployed.children('apps/v1', 'Deployment')).toEqual([])
    await patch(path, { metadata: { finalizers: null } })
    await patch(`${held}/held`, { metadata: { finalizers: null } })
    await eventually(60_000, async () =>
      expect(cluster.get(`/api/v1/namespaces/${going.namespace}`)).rejects.toThrow('404'),
    )
  })

  it('says that the cluster has no metrics, and runs as many pods as are wanted at least', async () => {
    const services = [smallService({ autoscaling: { minReplicas: 2, maxReplicas: 4 } })]
    const deployed = await deploy(cluster, tenant, { services, ingress: undefined })
    const status = await deployed.until(60_000, ({ conditions }) =>
      conditions.some(({ type }) => type === 'ScalingActive'),
    )
    const condition = status.conditions.find(({ type }) => type === 'ScalingActive')
    expect(condition).toMatchObject({ status: 'False', reason: 'LoadUnknown' })
    expect(condition?.message).toContain('The load of service web cannot be measured')
    expect(await deployed.children('apps/v1', 'Deployment')).toMatchObject([{ spec: { replicas: 2 } }])
    await expectCalm()
  })
})

it('wrote nothing in vain and did not fail', async () => {
  expect(await operator.idleWrites()).toBe(0)
  expect(operator.log.lines.filter((line) => line.startsWith('error'))).toEqual([])
})
