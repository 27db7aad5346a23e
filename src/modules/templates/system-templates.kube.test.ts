import { afterAll, beforeAll, expect, it } from 'vitest'

import { openCluster } from '../../../e2e/fixtures/cluster.ts'
import { createTenant, installOperator, type Tenant } from '../../../e2e/fixtures/operator.ts'
import { parseSettings } from '../../../operator/settings.ts'
import type { Manifest } from '../../../operator/user-deployment/manifest.ts'
import { renderUserDeployment } from '../../../operator/user-deployment/render.ts'
import { API_VERSION } from '../../contract/crd/meta.ts'
import { UserDeployment } from '../../contract/crd/user-deployment.ts'
import { generateName, vaultPaths } from '../../contract/names.ts'
import { planDeployment } from '../deployments/plan-deployment.ts'
import { readSystemTemplates, type SystemTemplate } from './system-templates.ts'

const cluster = openCluster()
let tenant: Tenant
const settings = parseSettings([], { CLUSTER_SECRET_STORE: 'vault' }).render

beforeAll(async () => {
  await installOperator(cluster)
  tenant = await createTenant(cluster, 'free')
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'shipyard-app', namespace: tenant.namespace },
  })
})
afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${tenant.namespace}`)
  await cluster.close()
})

interface PodTemplate {
  readonly metadata: object
  readonly spec: {
    serviceAccountName?: string
    securityContext: { runAsUser?: number; runAsNonRoot?: boolean }
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
    domain: settings.deploymentDomain,
  })
  const resource = UserDeployment.parse({
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: { name, namespace },
    spec: { ...spec, owner, revision: 1 },
  })
  const addresses = new Map(resource.spec.services.map((service) => [service.name, '10.0.0.1'] as const))
  return [resource, ...renderUserDeployment(resource, settings, { addresses, replicas: new Map() })]
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

async function dryRun({ metadata, spec }: PodTemplate): Promise<void> {
  const { namespace } = tenant
  const content = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, generateName: 'pod-' },
    spec: { ...spec, serviceAccountName: 'shipyard-app' },
  })
  await cluster.call('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`, {
    type: 'application/json',
    content,
  })
}

it.each(readSystemTemplates())('$name runs where nothing privileged may', async (template) => {
  const pods = podsOf(template)
  expect(pods).toHaveLength(template.document.services.length)
  for (const pod of pods) {
    await expect(dryRun(pod)).resolves.toBeUndefined()
    expect(pod.spec.securityContext.runAsUser).toBeGreaterThan(0)
  }
})

it.each(readSystemTemplates())('$name is refused no object by what guards a namespace', async (template) => {
  for (const object of objectsOf(template)) await expect(dryRunObject(object)).resolves.toBeUndefined()
})

it('would be refused there without its account', async () => {
  const [template] = readSystemTemplates()
  const [pod] = template ? podsOf(template) : []
  if (!pod) throw new Error('There is no template.')
  const asRoot = { ...pod, spec: { ...pod.spec, securityContext: { runAsUser: 0 } } }
  await expect(dryRun(asRoot)).rejects.toThrow(/violates PodSecurity "restricted/)
})
