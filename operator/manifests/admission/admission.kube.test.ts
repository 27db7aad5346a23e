/** A namespace holds only what its owner may have, while neither server nor operator runs (goal S9). */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'

import type { KubeObject } from '../../../deploy/local/cluster-api.ts'
import { readManifests } from '../../../deploy/local/manifests.ts'
import { programStore } from '../../../deploy/local/programs/store.ts'
import { eventually, openCluster } from '../../../e2e/fixtures/cluster.ts'
import { createTenant, deploy, installOperator, type Tenant } from '../../../e2e/fixtures/operator.ts'
import { tenantKubectl, tenantRights } from '../../../e2e/fixtures/tenant-kubectl.ts'
import { externalSecret, hostileManifests } from '../../testing/hostile-manifests.ts'
import { harmlessPod, type Hostile } from '../../testing/hostile-pods.ts'
import { POLICIES } from './policies.ts'
import { namespaceGuards } from '../../user-deployment/desired/namespace-guards.ts'
import { LABELS } from '../../../src/contract/crd/meta.ts'
import { newId } from '../../../src/contract/ids.ts'

const USER = 'somebody-with-kubectl'
const cluster = openCluster()
const kubectl = tenantKubectl(cluster, USER)
let tenant: Tenant

/** Traefik and cert-manager are not part of this stack: kinds of these names stand for theirs. */
const standIns = [
  definitionOf('traefik.io', 'v1alpha1', 'IngressRoute'),
  ...['Certificate', 'CertificateRequest', 'Issuer'].map((kind) =>
    definitionOf('cert-manager.io', 'v1', kind),
  ),
  ...['Order', 'Challenge'].map((kind) => definitionOf('acme.cert-manager.io', 'v1', kind)),
]

function definitionOf(group: string, version: string, kind: string): KubeObject {
  const singular = kind.toLowerCase()
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  }
}

beforeAll(async () => {
  await installOperator(cluster)
  await cluster.apply(...readManifests(await programStore({}).get('eso-crds')), ...standIns)
  tenant = await createTenant(cluster)
  const labels = { [LABELS.plan]: 'business' }
  for (const guard of namespaceGuards({ name: tenant.namespace, labels })) {
    await cluster.apply({ ...guard, metadata: { ...guard.metadata } })
  }
  await cluster.apply(...tenantRights(tenant.namespace, USER))
  for (const { object } of hostileManifests(tenant.namespace, tenant.owner))
    await eventually(30_000, async () => cluster.pathOf(object))
  // The quota knows what is used, and the policies are in force, an instant after they are stored.
  await eventually(30_000, async () => {
    const quota = await cluster.get<{ status?: { used?: object } }>(
      `/api/v1/namespaces/${tenant.namespace}/resourcequotas/shipyard`,
    )
    const { message } = await kubectl.create(hostile('every taint'))
    if (!quota.status?.used || !message.includes('tolerates no taint')) throw new Error(message)
  })
})

function hostile(what: string): Hostile['object'] {
  const found = hostileManifests(tenant.namespace, tenant.owner).find((each) => each.what.endsWith(what))
  if (!found) throw new Error(`There is none with ${what}.`)
  return found.object
}

it('takes what does no harm', async () => {
  expect(await kubectl.create(harmlessPod(tenant.namespace))).toEqual({ status: 201, message: '' })
  expect(await kubectl.create(externalSecret(tenant.namespace, tenant.owner))).toEqual({
    status: 201,
    message: '',
  })
})

it('takes certificates from cert-manager, by the account of its installation', async () => {
  const { namespace } = await createTenant(cluster)
  const account = 'system:serviceaccount:cert-manager:cert-manager'
  await cluster.apply(...tenantRights(namespace, account))
  const issued = hostileManifests(namespace, tenant.owner).filter(({ object }) =>
    object.apiVersion.includes('cert-manager.io/'),
  )
  const certManager = tenantKubectl(cluster, account)
  for (const { object } of issued)
    expect(await certManager.create(object)).toEqual({ status: 201, message: '' })
  expect(issued).toHaveLength(5)
})

const someOwner = { userId: newId('usr'), orgId: newId('org') }
describe('refuses', () => {
  const cases = hostileManifests('any', someOwner).map(({ what }, at) => [withoutIds(what), at] as const)
  it.each(cases)('%s', async (_, at) => {
    const tried = hostileManifests(tenant.namespace, tenant.owner)[at]
    if (!tried) throw new Error('There are as many for each tenant.')
    const { status, message } = await kubectl.create(tried.object, tried.partOf)
    // For what it is, and not because something else about it is wrong.
    expect(message).toMatch(/ValidatingAdmissionPolicy|violates PodSecurity|exceeded quota|is invalid/)
    expect([403, 422]).toContain(status)
  })
})

it('has tried at least 60 things, of each kind that a policy is about', () => {
  const all = hostileManifests('any', someOwner)
  expect(all.length).toBeGreaterThanOrEqual(60)
  const tried = new Set(
    all.map(({ object }) => `${object.apiVersion.split('/').at(-2) ?? ''} ${object.kind}`),
  )
  const about = new Set([...tried].map((each) => each.split(' ')[0]))
  const held = POLICIES.filter(({ isEverywhere }) => !isEverywhere).flatMap(
    ({ targets }) => targets[0]?.groups[0] ?? [],
  )
  expect(held.filter((group) => !about.has(group))).toEqual([])
})

/** Titles are the same in each run. */
function withoutIds(what: string): string {
  return what.replace(someOwner.userId.slice(4), '(user)').replace(someOwner.orgId.slice(4), '(organisation)')
}

it('keeps the guards of a namespace from being taken away or widened', async () => {
  for (const guard of namespaceGuards({ name: tenant.namespace, labels: {} })) {
    if (guard.kind === 'ServiceAccount') continue
    const object = { apiVersion: guard.apiVersion, kind: guard.kind, metadata: { ...guard.metadata } }
    expect(await kubectl.delete(object)).toMatchObject({ status: 403 })
    const widened = { ...object, spec: { policyTypes: ['Ingress'], hard: { pods: '999' }, limits: [] } }
    expect(await kubectl.patch(widened)).toMatchObject({ status: 403 })
  }
})

it('adds nothing to a pod that runs', async () => {
  const pod = harmlessPod(tenant.namespace)
  await cluster.apply({ ...pod, metadata: { ...pod.metadata } })
  const ephemeralContainers = [
    {
      ...pod.spec.containers[0],
      name: 'debug',
      lifecycle: undefined,
      livenessProbe: undefined,
      resources: undefined,
    },
  ]
  const { message } = await kubectl.patch(
    { ...pod, metadata: { ...pod.metadata }, ...{ spec: { ephemeralContainers } } },
    'ephemeralcontainers',
  )
  expect(message).toContain('Nothing is added to a pod that runs')
})

it('lets nobody but its node say at which address a pod answers', async () => {
  const pod = harmlessPod(tenant.namespace)
  await cluster.apply({ ...pod, metadata: { ...pod.metadata } })
  const status = { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] }
  const { message } = await kubectl.patch({ ...pod, ...{ spec: undefined, status } }, 'status')
  expect(message).toContain('At which address a pod answers')
})

it(
  'takes no more deployments than the plan allows, and the one that may be on its way out',
  { timeout: 180_000 },
  async () => {
    const free = await createTenant(cluster, 'free')
    const labels = { [LABELS.plan]: 'free' }
    const quota = namespaceGuards({ name: free.namespace, labels }).find(
      ({ kind }) => kind === 'ResourceQuota',
    )
    if (!quota) throw new Error('There is no quota among the guards.')
    const used = async (): Promise<string | undefined> => {
      const { status } = await cluster.get<{ status?: { used?: Record<string, string> } }>(
        `/api/v1/namespaces/${free.namespace}/resourcequotas/shipyard`,
      )
      return status?.used?.['count/userdeployments.scheduler.opsnorth.io']
    }
    // The controller of quotas looks for new kinds every 30 seconds, and counts them in quotas made after that at once,
    // in older ones every five minutes.
    await eventually(120_000, async () => {
      await cluster.apply({ ...quota, metadata: { ...quota.metadata } })
      await sleep(1_000)
      if ((await used()) === '0') return
      await cluster.delete(`/api/v1/namespaces/${free.namespace}/resourcequotas/shipyard`)
      throw new Error('The quota does not count deployments yet.')
    })
    await deploy(cluster, free, {})
    await deploy(cluster, free, {})
    await expect(deploy(cluster, free, {})).rejects.toThrow('exceeded quota')
  },
)

it('lets a tenant go, and a namespace with all that is in it', async () => {
  await cluster.delete(`/api/v1/namespaces/${tenant.namespace}`)
  await eventually(60_000, async () => {
    await expect(cluster.get(`/api/v1/namespaces/${tenant.namespace}`)).rejects.toThrow('404')
  })
})

it('has policies that the API server finds nothing wrong with', async () => {
  const { items } = await cluster.get<{ items: { metadata: { name: string }; status?: PolicyStatus }[] }>(
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  )
  expect(items.map(({ metadata }) => metadata.name).toSorted()).toEqual(
    POLICIES.map(({ name }) => `shipyard-${name}`).toSorted(),
  )
  expect(items.flatMap(({ status }) => status?.typeChecking?.expressionWarnings ?? [])).toEqual([])
})

interface PolicyStatus {
  typeChecking?: { expressionWarnings?: unknown[] }
}
