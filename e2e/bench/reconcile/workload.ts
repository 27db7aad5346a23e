/** What both sides have to make: usual deployments of two services, in namespaces as the server makes them. */
import type { ClusterApi, KubeObject } from '../../../deploy/local/cluster-api.ts'
import { API_VERSION, LABELS, MANAGED_BY } from '../../../src/contract/crd/meta.ts'
import { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { newId } from '../../../src/contract/ids.ts'
import { DEFAULT_NAMESPACE_PATTERN, generateName, namespaceFor } from '../../../src/contract/names.ts'

/** The nodes are nobody's own. */
const ISOLATION = 'namespace'
/** So many share a namespace. */
const PER_NAMESPACE = 25

/** Both sides have their objects in namespaces that the operator guards: quotas and admission policies cost both the same. */
export async function makeWorkload(api: ClusterApi, count: number): Promise<UserDeployment[]> {
  const tenants = Array.from({ length: Math.ceil(count / PER_NAMESPACE) }, () => ({
    userId: newId('usr'),
    orgId: newId('org'),
    teamId: newId('team'),
  }))
  const namespaces = tenants.map((owner) => namespaceFor(DEFAULT_NAMESPACE_PATTERN, owner))
  await Promise.all(
    tenants.map(async (owner, index) => api.apply(namespaceOf(namespaces[index] ?? '', labelsOf(owner)))),
  )
  return Array.from({ length: count }, (_, index) => {
    const tenant = Math.floor(index / PER_NAMESPACE)
    return usualDeployment(namespaces[tenant] ?? '', tenants[tenant])
  })
}

const namespaceOf = (name: string, labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted', ...labels } },
})

const labelsOf = (owner: { userId: string; orgId: string }): Record<string, string> => ({
  [LABELS.managedBy]: MANAGED_BY,
  [LABELS.userId]: owner.userId,
  [LABELS.orgId]: owner.orgId,
  [LABELS.plan]: 'enterprise',
  [LABELS.isolation]: ISOLATION,
})

/** Without secrets, because nobody fetches them here. */
function usualDeployment(namespace: string, owner: unknown): UserDeployment {
  return UserDeployment.parse({
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: { name: generateName(), namespace },
    spec: {
      owner,
      revision: 1,
      network: { isolation: ISOLATION },
      services: [
        {
          name: 'web',
          image: 'registry.localhost/shipyard/hello:1',
          ports: [{ port: 8080 }],
          env: ['A', 'B', 'C', 'D', 'E'].map((name) => ({ name, value: `the value of ${name}` })),
          configFiles: [{ path: '/etc/web.conf', content: 'workers = 2\n'.repeat(20) }],
          health: { http: { path: '/healthz', port: 8080 } },
        },
        { name: 'api', image: 'registry.localhost/shipyard/hello:1', ports: [{ port: 9000 }] },
      ],
      ingress: { service: 'web', port: 8080 },
    },
  })
}

/** Some at the same time; the first failure ends it. */
export async function forEach<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = all.values()
  const worker = async (): Promise<void> => {
    for (const one of waiting) await work(one)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** @throws when it takes longer: a benchmark that hangs says nothing */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`It took too long until ${what}.`)), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
