import { LABELS, MANAGED_BY } from '../../../src/contract/crd/meta.ts'
import type { Service } from '../../../src/contract/crd/service.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import type { Dns1123Label } from '../../../src/contract/names.ts'
import { pullSecretChild } from '../child-names.ts'
import type { Manifest } from '../manifest.ts'
import { deploymentLabels, metadataOf, type Rendering } from './rendering.ts'
import { secretsOf } from './secrets.ts'

interface RemoteReference {
  key: string
  property: string
  version: string
}

/** https://external-secrets.io/latest/api/externalsecret/ */
interface ExternalSecretSpec {
  refreshPolicy: 'OnChange'
  secretStoreRef: { kind: 'ClusterSecretStore'; name: string }
  target: {
    name: string
    creationPolicy: 'Owner'
    deletionPolicy: 'Retain'
    immutable: true
    template: { type: string; metadata: { labels: Record<string, string> }; data?: Record<string, string> }
  }
  data: { secretKey: string; remoteRef: RemoteReference }[]
}

export type ExternalSecretManifest = Manifest & { spec: ExternalSecretSpec }

type PullSecret = UserDeployment['spec']['pullSecrets'][number]

/**
 * What the pods of a service get from Vault, one object for each path and version. It is read once: another version,
 * or another choice of keys, is another object under another name, and the Secret behind it is immutable. Each key
 * is asked for by name, so that one which is missing is an error before any pod is made.
 */
export function externalSecretsOf(rendering: Rendering, service: Service): ExternalSecretManifest[] {
  return secretsOf(rendering.resource, service).map(({ name, path, version, keys }) =>
    externalSecret(rendering, {
      name,
      service,
      template: { type: 'Opaque' },
      data: keys.map((key) => ({
        secretKey: key,
        remoteRef: { key: path, property: key, version: String(version) },
      })),
    }),
  )
}

/** Credentials for a registry, in the form that a kubelet takes them. */
export function pullSecretsOf(rendering: Rendering): ExternalSecretManifest[] {
  return rendering.resource.spec.pullSecrets.map((secret) => {
    const { path, usernameKey, passwordKey } = secret
    const reference = (property: string): RemoteReference => ({
      key: path,
      property,
      version: String(secret.version),
    })
    return externalSecret(rendering, {
      name: pullSecretName(rendering, secret),
      template: {
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': dockerConfig(secret) },
      },
      data: [
        { secretKey: 'username', remoteRef: reference(usernameKey) },
        { secretKey: 'password', remoteRef: reference(passwordKey) },
      ],
    })
  })
}

export function pullSecretName({ resource }: Pick<Rendering, 'resource'>, secret: PullSecret): Dns1123Label {
  const { version, registry, path, usernameKey, passwordKey } = secret
  return pullSecretChild(resource, {
    version,
    content: JSON.stringify([registry, path, usernameKey, passwordKey]),
  })
}

/** Go's template language; `toJson` quotes whatever the value holds. */
function dockerConfig({ registry }: PullSecret): string {
  const credentials =
    '{"username":{{ .username | toJson }},"password":{{ .password | toJson }},' +
    '"auth":{{ printf "%s:%s" .username .password | b64enc | toJson }}}'
  return `{"auths":{${JSON.stringify(registryKey(registry))}:${credentials}}}`
}

/** Docker Hub's credentials go by an address of their own, which kubelets look for. */
function registryKey(registry: string): string {
  return /^((index|registry-1)\.)?docker\.io$/.test(registry) ? 'https://index.docker.io/v1/' : registry
}

interface Parts {
  name: Dns1123Label
  service?: Service
  template: Pick<ExternalSecretSpec['target']['template'], 'type' | 'data'>
  data: ExternalSecretSpec['data']
}

function externalSecret(
  rendering: Rendering,
  { name, service, template, data }: Parts,
): ExternalSecretManifest {
  const labels = { [LABELS.managedBy]: MANAGED_BY, ...deploymentLabels(rendering.resource) }
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: metadataOf(rendering, name, service ? { service } : {}),
    spec: {
      refreshPolicy: 'OnChange',
      secretStoreRef: { kind: 'ClusterSecretStore', name: rendering.settings.clusterSecretStore },
      target: {
        name,
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        immutable: true,
        template: { ...template, metadata: { labels } },
      },
      data,
    },
  }
}
