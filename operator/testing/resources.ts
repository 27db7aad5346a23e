/** Resources and settings to test with. */
import { API_VERSION, LABELS, MANAGED_BY } from '../../src/contract/crd/meta.ts'
import { UserDeployment, type UserDeploymentSpecInput } from '../../src/contract/crd/user-deployment.ts'
import { renderSettingsOf, renderVariables, type RenderSettings } from '../../src/contract/render-settings.ts'
import { smallSpec } from '../../src/contract/testing/specs.ts'
import { z } from 'zod'

const BODY = 'a'.repeat(25)

export const NAMESPACE = `sandbox-${BODY}-${BODY}`
export const NAME = 'abcdefghij'
const UID = '00000000-0000-4000-8000-000000000001'

/** As a local stack sets them, where nothing else is said. */
export function testSettings(variables: Readonly<Record<string, string>> = {}): RenderSettings {
  const given = {
    DEPLOYMENT_DOMAIN: 'apps.localhost',
    CLUSTER_SECRET_STORE: 'vault',
    INGRESS_FROM: '10.1.2.3/32',
    INGRESS_HTTP_PORT: '20080',
    ...variables,
  }
  return renderSettingsOf(z.object(renderVariables).parse(given))
}

/** A resource as the API server has it, with all defaults. */
export function aResource(
  spec: Partial<UserDeploymentSpecInput> = {},
  metadata: Partial<UserDeployment['metadata']> = {},
): UserDeployment {
  return UserDeployment.parse({
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: {
      name: NAME,
      namespace: NAMESPACE,
      uid: UID,
      generation: 1,
      creationTimestamp: '2030-01-01T00:00:00Z',
      labels: { [LABELS.deploymentId]: `dep_${BODY}`, [LABELS.managedBy]: MANAGED_BY },
      ...metadata,
    },
    spec: smallSpec(spec),
  })
}

/** What the server writes on a tenant's namespace. */
export function namespaceLabels(
  owner: { userId: string; orgId: string },
  plan?: string,
): Record<string, string> {
  return {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.userId]: owner.userId,
    [LABELS.orgId]: owner.orgId,
    'pod-security.kubernetes.io/enforce': 'restricted',
    ...(plan === undefined ? {} : { [LABELS.plan]: plan }),
  }
}
