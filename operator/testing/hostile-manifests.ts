/** What a tenant could try with kubectl, or with a deployment whose fields the server would never write. */
import { API_VERSION } from '../../src/contract/crd/meta.ts'
import { smallSpec, smallService } from '../../src/contract/testing/specs.ts'
import {
  bindings,
  harmlessPod,
  METADATA_ADDRESS,
  POD_CHANGES,
  type Change,
  type Hostile,
} from './hostile-pods.ts'

interface Owner {
  userId: string
  orgId: string
}

const SERVICE_CHANGES: [what: string, ...Change][] = [
  ['a port of all nodes', 'spec.type', 'NodePort'],
  ['a load balancer', 'spec.type', 'LoadBalancer'],
  ['another name', 'spec', { type: 'ExternalName', externalName: 'metadata.google.internal' }],
  ['an address from outside', 'spec.externalIPs', ['203.0.113.1']],
  ['no selector', 'spec.selector', {}],
  [
    'a name in the DNS',
    'metadata.annotations',
    { 'external-dns.alpha.kubernetes.io/hostname': 'bank.example.com' },
  ],
]

const SECRET_CHANGES: [what: string, ...Change][] = [
  ["another user's path", 'spec.data.0.remoteRef.key', `users/${'z'.repeat(25)}/secrets`],
  ["another organisation's path", 'spec.data.0.remoteRef.key', `orgs/${'z'.repeat(25)}/secrets`],
  ['a path of the platform', 'spec.data.0.remoteRef.key', 'platform/secrets'],
  ['everything', 'spec.dataFrom', [{ find: { name: { regexp: '.*' } } }]],
  ['a whole path', 'spec.dataFrom', [{ extract: { key: 'platform/secrets' } }]],
  [
    'a generator',
    'spec.dataFrom',
    [
      {
        sourceRef: {
          generatorRef: {
            apiVersion: 'generators.external-secrets.io/v1alpha1',
            kind: 'VaultDynamicSecret',
            name: 'x',
          },
        },
      },
    ],
  ],
  ['another store for a key', 'spec.data.0.sourceRef', { storeRef: { kind: 'SecretStore', name: 'x' } }],
  ['a store of its own', 'spec.secretStoreRef', { kind: 'SecretStore', name: 'x' }],
  [
    'a template from elsewhere',
    'spec.target.template',
    { templateFrom: [{ configMap: { name: 'x', items: [{ key: 'x' }] } }] },
  ],
]

/** Paths that begin like one's own. */
const crookedKeys = ({ userId, orgId }: Owner): string[] => [
  `users/${userId.slice(4)}/../${'z'.repeat(25)}/secrets`,
  `users/${userId.slice(4)}/deployments/%2e%2e/x`,
  `users/${userId.slice(4)}-other/secrets`,
  `orgs/${orgId.slice(4)}/secrets/../../platform`,
  `orgs/${orgId.slice(4)}/secrets\nx`,
  `x/users/${userId.slice(4)}/secrets`,
]

/** Everything, for a namespace and its owner. */
export function hostileManifests(namespace: string, owner: Owner): Hostile[] {
  const meta = { name: 'tried', namespace }
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta,
    spec: { ports: [{ port: 80 }], selector: { app: 'web' } },
  }
  const secret = externalSecret(namespace, owner)
  const all = (base: Hostile['object'], changes: [string, ...Change][]): Hostile[] =>
    changes.map(([what, ...change]) => ({
      what: `${base.kind}: ${what}`,
      object: changed(base, change),
    }))
  return [
    ...all(harmlessPod(namespace), POD_CHANGES),
    ...bindings(namespace),
    ...all(service, SERVICE_CHANGES),
    ...all(secret, SECRET_CHANGES),
    ...all(
      secret,
      crookedKeys(owner).map((key) => [`the path ${JSON.stringify(key)}`, 'spec.data.0.remoteRef.key', key]),
    ),
    ...whatOpens(namespace),
    ...all(deployment(namespace, owner), deploymentChanges(owner)),
  ]
}

/** An ExternalSecret that is admitted. */
export const externalSecret = (
  namespace: string,
  { userId }: Owner,
): Hostile['object'] & { spec: object } => ({
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  metadata: { name: 'tried', namespace },
  spec: {
    secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
    target: { name: 'tried' },
    data: [{ secretKey: 'A', remoteRef: { key: `users/${userId.slice(4)}/secrets`, property: 'A' } }],
  },
})

const deployment = (namespace: string, owner: Owner): Hostile['object'] => ({
  apiVersion: API_VERSION,
  kind: 'UserDeployment',
  metadata: { name: 'abcdefghij', namespace },
  ...{ spec: smallSpec({ owner: { ...owner, teamId: `team_${'a'.repeat(25)}` } }) },
})

/** Of the same kind. */
const otherThan = (id: string): string => id.slice(0, -1) + (id.endsWith('z') ? 'y' : 'z')

function deploymentChanges({ userId, orgId }: Owner): [string, ...Change][] {
  const huge = { limits: { cpu: '100', memory: '64Mi' } }
  const pull = { registry: 'ghcr.io', path: `orgs/${'z'.repeat(25)}/secrets`, version: 1 }
  return [
    ["another user's", 'spec.owner.userId', otherThan(userId)],
    ["another organisation's", 'spec.owner.orgId', otherThan(orgId)],
    ['nodes of its own', 'spec.network', { isolation: 'dedicated' }],
    ['a service larger than the plan', 'spec.services.0', smallService({ resources: huge })],
    [
      "another's secret",
      'spec.services.0',
      smallService({
        secrets: [{ path: `users/${'z'.repeat(25)}/secrets`, version: 1, keys: [{ key: 'A', env: 'A' }] }],
      }),
    ],
    ["another's credentials", 'spec.pullSecrets', [pull]],
    ['root', 'spec.services.0', smallService({ runAsUser: 0 })],
    [
      'a host name that is an address',
      'spec.ingress',
      { service: 'web', port: 8080, hosts: [METADATA_ADDRESS] },
    ],
  ]
}

function whatOpens(namespace: string): Hostile[] {
  const metadata = { name: 'tried', namespace }
  const backend = { service: { name: 'web', port: { number: 80 } } }
  const ingress = (host: string, more: object = {}): Hostile['object'] => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    ...{
      spec: { rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }], ...more },
    },
  })
  const openings: Named[] = [
    ["another's host name", ingress('bank.example.com')],
    ['every host name', ingress('')],
    ["another's certificate", ingress('shop.example.com', { tls: [{ secretName: 'theirs' }] })],
    ['a route of Traefik', { apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRoute', metadata, spec: {} }],
    [
      'every address',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata,
        spec: { podSelector: {}, egress: [{}], policyTypes: ['Egress'] },
      },
    ],
    [
      'every visitor',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata,
        spec: { podSelector: {}, ingress: [{}] },
      },
    ],
  ]
  return [
    ...openings,
    ...whatCertifies(metadata),
    ...whatGuards(metadata),
    ...whatReadsSecrets(metadata),
  ].map(([what, object]) => ({
    what: `${object.kind}: ${what}`,
    object,
  }))
}

type Named = [string, Hostile['object'] & { spec?: unknown }]

/** With the platform's own issuer, or one that has no rules. */
function whatCertifies(metadata: Hostile['object']['metadata']): Named[] {
  const issuerRef = { kind: 'ClusterIssuer', name: 'letsencrypt' }
  const apiVersion = 'cert-manager.io/v1'
  const ofAcme = 'acme.cert-manager.io/v1'
  const spec = { secretName: 'theirs', dnsNames: ['bank.example.com'], issuerRef }
  return [
    ["a key for another's host name", { apiVersion, kind: 'Certificate', metadata, spec }],
    ['a request of its own', { apiVersion, kind: 'CertificateRequest', metadata, spec: { issuerRef } }],
    ['an issuer of its own', { apiVersion, kind: 'Issuer', metadata, spec: { selfSigned: {} } }],
    ['an order of its own', { apiVersion: ofAcme, kind: 'Order', metadata, spec: { issuerRef } }],
    ['a challenge of its own', { apiVersion: ofAcme, kind: 'Challenge', metadata, spec: { issuerRef } }],
  ]
}

function whatGuards(metadata: Hostile['object']['metadata']): Named[] {
  return [
    [
      'a quota of its own',
      { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '9999' } } },
    ],
    ['a range of its own', { apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits: [] } }],
    [
      'addresses of its own',
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata,
        ...{ subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] },
      },
    ],
    [
      'a slice of addresses',
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata,
        ...{ addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }] },
      },
    ],
  ]
}

function whatReadsSecrets(metadata: Hostile['object']['metadata']): Named[] {
  return [
    [
      'a store',
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'SecretStore',
        metadata,
        spec: { provider: { fake: { data: [] } } },
      },
    ],
    [
      'a push of secrets',
      {
        apiVersion: 'external-secrets.io/v1alpha1',
        kind: 'PushSecret',
        metadata,
        spec: {
          secretStoreRefs: [{ name: 'vault', kind: 'ClusterSecretStore' }],
          selector: { secret: { name: 'x' } },
        },
      },
    ],
    [
      'a generator',
      {
        apiVersion: 'generators.external-secrets.io/v1alpha1',
        kind: 'Password',
        metadata,
        spec: { length: 8, noUpper: false, allowRepeat: true },
      },
    ],
  ]
}

/** A copy in which one field is another. */
function changed<T extends object>(base: T, [path, value]: Change): T {
  const copy = structuredClone(base)
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  const parent = steps.reduce<Record<string, unknown>>(
    (at, step) => at[step] as Record<string, unknown>,
    copy as Record<string, unknown>,
  )
  parent[last] = value
  return copy
}
