/** Deployments as people make them, one for each thing that shapes the manifests. */
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import type { RenderFacts } from '../user-deployment/render.ts'
import { aResource, NAME, testSettings } from './resources.ts'

export interface Scenario {
  name: string
  resource: UserDeployment
  settings: RenderSettings
  facts?: RenderFacts
}

const BODY = 'a'.repeat(25)
const own = `users/${BODY}/deployments/${NAME}`
const health = { http: { path: '/readyz', port: 8080 }, periodSeconds: 2 }

/** Two services that talk to each other by name, a variable, a secret, a config file. */
const helloStack = aResource({
  services: [
    smallService({
      env: [
        { name: 'GREETING', value: 'good morning' },
        { name: 'CALL_URL', value: 'http://api:8080/' },
      ],
      configFiles: [{ path: '/etc/hello/message.txt', content: 'from a file\n' }],
      health,
      dependsOn: ['api'],
    }),
    smallService({
      name: 'api',
      secrets: [
        {
          path: own,
          version: 3,
          keys: [
            { key: 'TOKEN', env: 'TOKEN' },
            { key: 'TOKEN', file: { path: '/secrets/token', mode: 0o400 } },
          ],
        },
      ],
      health,
    }),
  ],
})

const database = aResource({
  visibility: 'internal',
  ingress: { service: 'postgres', port: 5432 },
  services: [
    smallService({
      name: 'postgres',
      image: 'docker.io/library/postgres:17',
      ports: [{ port: 5432 }],
      runAsUser: 999,
      volumes: [
        { name: 'data', path: '/var/lib/postgresql/data', size: '1.5Gi', storageClass: 'fast' },
        { name: 'backup', path: '/backup', size: '10Gi', keepAfterDelete: true },
      ],
      resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1', memory: '1Gi' } },
      health: { command: ['pg_isready', '-U', 'postgres'], startupSeconds: 120 },
    }),
  ],
})

const scaled = aResource({
  services: [
    smallService({ autoscaling: { minReplicas: 2, maxReplicas: 6, targetCpuPercent: 70 } }),
    smallService({
      name: 'worker',
      ports: [],
      replicas: 3,
      command: ['/worker'],
      args: ['--queue', '$(QUEUE)'],
    }),
  ],
})

/** A secret that counts before a variable, a file before a file, and a layer before a layer. */
const layered = aResource({
  pullSecrets: [
    {
      registry: 'ghcr.io',
      path: `orgs/${BODY}/secrets`,
      version: 2,
      usernameKey: 'GHCR_USER',
      passwordKey: 'GHCR_TOKEN',
    },
    { registry: 'docker.io', path: `orgs/${BODY}/secrets`, version: 2 },
  ],
  services: [
    smallService({
      env: [
        { name: 'LEVEL', value: 'debug' },
        { name: 'PRICE', value: '$$5 for $(USER)' },
        { name: 'EMPTY' },
      ],
      configFiles: [
        { path: '/etc/app/a.conf', content: 'a' },
        { path: '/etc/app/b.conf', content: 'hidden by a secret' },
      ],
      secrets: [
        {
          path: `orgs/${BODY}/secrets`,
          version: 7,
          keys: [
            { key: 'LEVEL', env: 'LEVEL' },
            { key: 'ONLY', env: 'ONLY' },
          ],
        },
        { path: `users/${BODY}/secrets`, version: 1, keys: [{ key: 'LEVEL', env: 'LEVEL' }] },
        { path: own, version: 12, keys: [{ key: 'B', file: { path: '/etc/app/b.conf' } }] },
      ],
    }),
  ],
})

const withHosts = aResource({
  ingress: { service: 'web', port: 8080, hosts: ['shop.example.com', 'www.example.com'] },
  restartedAt: '2030-02-03T04:05:06Z',
  network: {
    isolation: 'namespace',
    egress: [{ cidr: '10.5.1.0/24', ports: [5432] }, { cidr: '203.0.113.0/24' }],
  },
})

/** A certificate that somebody else keeps valid, and what Traefik does on the way. */
const withCertificate = aResource({
  ingress: {
    service: 'web',
    port: 8080,
    hosts: ['own.example.com'],
    tls: { secretName: 'shop-tls' },
    redirectToHttps: true,
    responseHeaders: [
      { name: 'Strict-Transport-Security', value: 'max-age=31536000' },
      { name: 'Server', value: '' },
    ],
  },
})

const confined = aResource({
  network: { isolation: 'dedicated', internet: false, egress: [{ cidr: '198.51.100.0/24', ports: [443] }] },
})

const facts = (addresses: Record<string, string>, replicas: Record<string, number> = {}): RenderFacts => ({
  addresses: new Map(Object.entries(addresses)),
  replicas: new Map(Object.entries(replicas)),
  hostsOfOthers: new Set(),
})

export const SCENARIOS: readonly Scenario[] = [
  { name: 'smallest', resource: aResource(), settings: testSettings() },
  {
    name: 'hello-stack',
    resource: helloStack,
    settings: testSettings(),
    facts: facts({ web: '10.96.0.10', api: '10.96.0.11' }),
  },
  { name: 'database', resource: database, settings: testSettings() },
  {
    name: 'scaled',
    resource: scaled,
    settings: testSettings(),
    facts: facts({ web: '10.96.0.10' }, { web: 4 }),
  },
  { name: 'layered-secrets', resource: layered, settings: testSettings() },
  {
    name: 'chosen-hosts',
    resource: withHosts,
    settings: testSettings({
      CLUSTER_ISSUER: 'letsencrypt',
      INGRESS_FROM: 'kubernetes.io/metadata.name=traefik',
      INGRESS_SCHEME: 'https',
      PRIVATE_EGRESS: '10.5.0.0/16',
    }),
  },
  {
    name: 'own-certificate',
    resource: withCertificate,
    settings: testSettings({
      CLUSTER_ISSUER: 'letsencrypt',
      INGRESS_SCHEME: 'https',
      INGRESS_HTTPS_PORT: '8443',
    }),
  },
  { name: 'dedicated', resource: confined, settings: testSettings() },
  {
    name: 'suspended',
    resource: { ...scaled, spec: { ...scaled.spec, suspended: true } },
    settings: testSettings(),
    facts: facts({ web: '10.96.0.10' }, { web: 4 }),
  },
]

/** @throws {Error} there is none of this name */
export function scenario(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name)
  if (!found) throw new Error(`There is no scenario ${name}.`)
  return found
}
