import { afterAll, beforeAll, expect, it } from 'vitest'

import { eventually, openCluster } from '../../../e2e/fixtures/cluster.ts'
import { createTenant, installOperator, type Tenant } from '../../../e2e/fixtures/operator.ts'
import { tenantKubectl } from '../../../e2e/fixtures/tenant-kubectl.ts'
import { parseSettings } from '../../../operator/settings.ts'
import { harmlessPod } from '../../../operator/testing/hostile-pods.ts'
import { namespaceGuards } from '../../../operator/user-deployment/desired/namespace-guards.ts'
import type { Manifest } from '../../../operator/user-deployment/manifest.ts'
import { renderUserDeployment } from '../../../operator/user-deployment/render.ts'
import { API_VERSION, LABELS } from '../../contract/crd/meta.ts'
import { UserDeployment } from '../../contract/crd/user-deployment.ts'
import { generateName, vaultPaths } from '../../contract/names.ts'
import { compareQuantities, sumQuantities } from '../../contract/quantity.ts'
import { limitsFor } from '../../contract/tiers.ts'
import { planDeployment } from '../deployments/plan-deployment.ts'
import { readSystemTemplates, type SystemTemplate } from './system-templates.ts'

const cluster = openCluster()
/** Who makes pods of what the operator wrote, and may not open anything. */
const replicaSets = tenantKubectl(cluster, 'system:serviceaccount:kube-system:replicaset-controller')
let tenant: Tenant
const settings = parseSettings([], { CLUSTER_SECRET_STORE: 'vault' }).render

beforeAll(async () => {
  await installOperator(cluster)
  tenant = await createTenant(cluster, 'free')
  for (const guard of namespaceGuards({ name: tenant.namespace, labels: { [LABELS.plan]: 'free' } })) {
    // What a quota counts takes the cluster half a minute to learn; sizes are held against it below.
    if (guard.kind !== 'ResourceQuota') await cluster.apply({ ...guard, metadata: { ...guard.metadata } })
  }
  // The policies are in force an instant after they were stored.
  await eventually(30_000, async () => {
    const { message } = await replicaSets.create(impatient())
    if (!message.includes('imagePullPolicy')) throw new Error(`The policies are not in force: ${message}`)
  })
})
afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${tenant.namespace}`)
  await cluster.close()
})

interface PodTemplate {
  readonly metadata: object
  readonly spec: {
    securityContext: { runAsUser?: number; runAsNonRoot?: boolean }
    containers: { resources: Record<'requests' | 'limits', Record<'cpu' | 'memory', string>> }[]
  }
}

/** What the operator makes of a template: the very objects, by its own door. */
function objectsOf({ document }: SystemTemplate): Manifest[] {
  const { owner, namespace } = tenant
  const name = generateName()
  const spec = planDeployment({
    template: document,
    answers: {
      visibility: 'public',
      rollbackOnFailure: false,
      env: {},
      secrets: Object.fromEntries(
        document.envVars.filter(({ secret }) => secret).map((each) => [each.name, 'x']),
      ),
      services: [],
      hosts: [],
    },
    secret: { path: vaultPaths.deployment({ userId: owner.userId, name }), version: 1 },
    platform: settings,
  })
  const resource = UserDeployment.parse({
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: { name, namespace },
    spec: { ...spec, owner, revision: 1 },
  })
  const addresses = new Map(resource.spec.services.map((service) => [service.name, '10.0.0.1'] as const))
  return [
    resource,
    ...renderUserDeployment(resource, settings, { addresses, replicas: new Map(), hostsOfOthers: new Set() }),
  ]
}

function podsOf(template: SystemTemplate): PodTemplate[] {
  return objectsOf(template)
    .filter(({ kind }) => kind === 'Deployment')
    .map((manifest) => (manifest as unknown as { spec: { template: PodTemplate } }).spec.template)
}

/** Asks the API server whether it would take an object; nothing is made. */
async function dryRunObject(manifest: Manifest): Promise<void> {
  const { apiVersion, kind, metadata } = manifest
  const collection = await cluster.pathOf({ apiVersion, kind, metadata: { namespace: tenant.namespace } })
  await cluster.call('POST', `${collection}?dryRun=All&fieldValidation=Strict`, {
    type: 'application/json',
    // Its owner is not there, and nothing is made: the reference would say nothing.
    content: JSON.stringify({ ...manifest, metadata: { ...metadata, ownerReferences: undefined } }),
  })
}

/** A pod of the template, by who makes them: that one has no more rights here than anybody. */
const dryRun = async ({ metadata, spec }: PodTemplate): Promise<{ status: number; message: string }> =>
  replicaSets.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: 'tried', namespace: tenant.namespace },
    ...{ spec },
  })

/** A pod that would take an image which the node has. */
function impatient(): ReturnType<typeof harmlessPod> {
  const pod = harmlessPod(tenant.namespace)
  const containers = pod.spec.containers.map((each) => ({ ...each, imagePullPolicy: 'IfNotPresent' }))
  return { ...pod, spec: { ...pod.spec, containers } }
}

it.each(readSystemTemplates())('$name runs where nothing privileged may', async (template) => {
  const pods = podsOf(template)
  expect(pods).toHaveLength(template.document.services.length)
  for (const pod of pods) {
    expect(await dryRun(pod)).toEqual({ status: 201, message: '' })
    expect(pod.spec.securityContext.runAsUser).toBeGreaterThan(0)
  }
})

// While it is updated its pods are there twice.
it.each(readSystemTemplates())('$name has room twice in the smallest plan', (template) => {
  const { cpuRequests, cpuLimits, memoryRequests, memoryLimits } = limitsFor('free').quota
  const resources = podsOf(template).flatMap(({ spec }) => spec.containers.map((each) => each.resources))
  const twice = (of: 'requests' | 'limits', what: 'cpu' | 'memory'): string =>
    sumQuantities([...resources, ...resources].map((each) => each[of][what]))
  expect(compareQuantities(twice('requests', 'cpu'), cpuRequests)).toBeLessThanOrEqual(0)
  expect(compareQuantities(twice('limits', 'cpu'), cpuLimits)).toBeLessThanOrEqual(0)
  expect(compareQuantities(twice('requests', 'memory'), memoryRequests)).toBeLessThanOrEqual(0)
  expect(compareQuantities(twice('limits', 'memory'), memoryLimits)).toBeLessThanOrEqual(0)
})

it.each(readSystemTemplates())('$name is refused no object by what guards a namespace', async (template) => {
  for (const object of objectsOf(template)) await expect(dryRunObject(object)).resolves.toBeUndefined()
})

it('would be refused there without its account', async () => {
  const [template] = readSystemTemplates()
  const [pod] = template ? podsOf(template) : []
  if (!pod) throw new Error('There is no template.')
  const asRoot = { ...pod, spec: { ...pod.spec, securityContext: { runAsUser: 0 } } }
  expect((await dryRun(asRoot)).message).toMatch(/violates PodSecurity "restricted/)
})
