import { afterAll, beforeAll, expect, it } from 'vitest'

import { openCluster, restrictedNamespace } from '../../../e2e/fixtures/cluster.ts'
import { parseSettings } from '../../../operator/settings.ts'
import { renderUserDeployment } from '../../../operator/user-deployment/render.ts'
import { API_VERSION } from '../../contract/crd/meta.ts'
import { UserDeployment } from '../../contract/crd/user-deployment.ts'
import { newId } from '../../contract/ids.ts'
import { generateName, vaultPaths } from '../../contract/names.ts'
import { planDeployment } from '../deployments/plan-deployment.ts'
import { readSystemTemplates, type SystemTemplate } from './system-templates.ts'

const cluster = openCluster()
const namespace = 'system-templates'
const settings = parseSettings([], { CLUSTER_SECRET_STORE: 'vault' }).render

beforeAll(async () => {
  await cluster.apply(restrictedNamespace(namespace), {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'shipyard-app', namespace },
  })
})
afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`)
  await cluster.close()
})

interface PodTemplate {
  readonly metadata: object
  readonly spec: {
    serviceAccountName?: string
    securityContext: { runAsUser?: number; runAsNonRoot?: boolean }
  }
}

/** The pods that the operator makes of a template: the very objects, by its own door. */
function podsOf({ document }: SystemTemplate): PodTemplate[] {
  const [userId, orgId, teamId] = [newId('usr'), newId('org'), newId('team')]
  const name = generateName()
  const spec = planDeployment({
    template: document,
    answers: {
      visibility: 'public',
      env: {},
      secrets: Object.fromEntries(
        document.envVars.filter(({ secret }) => secret).map((each) => [each.name, 'x']),
      ),
      services: [],
      hosts: [],
    },
    secret: { path: vaultPaths.deployment({ userId, name }), version: 1 },
    domain: settings.deploymentDomain,
    maxHosts: null,
    planName: 'Free',
  })
  const resource = UserDeployment.parse({
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: { name, namespace },
    spec: { ...spec, owner: { userId, orgId, teamId }, revision: 1 },
  })
  const addresses = new Map(resource.spec.services.map((service) => [service.name, '10.0.0.1'] as const))
  return renderUserDeployment(resource, settings, { addresses, replicas: new Map() })
    .filter(({ kind }) => kind === 'Deployment')
    .map((manifest) => (manifest as unknown as { spec: { template: PodTemplate } }).spec.template)
}

/** Asks the API server whether it would run a pod; nothing is made. */
async function dryRun({ metadata, spec }: PodTemplate): Promise<void> {
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

it('would be refused there without its account', async () => {
  const [template] = readSystemTemplates()
  const [pod] = template ? podsOf(template) : []
  if (!pod) throw new Error('There is no template.')
  const asRoot = { ...pod, spec: { ...pod.spec, securityContext: { runAsUser: 0 } } }
  await expect(dryRun(asRoot)).rejects.toThrow(/violates PodSecurity "restricted/)
})
