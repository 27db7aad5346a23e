/** A deployment with all kinds of objects, and what becomes of it, on a real API server where no pod truly runs. */
import { eventually } from '../../e2e/fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  MADE_VERSIONS,
  type Deployed,
  type Tenant,
} from '../../e2e/fixtures/operator.ts'
import type { Place } from '../../e2e/fixtures/operator-behind-proxy.ts'
import { runPods, syncSecrets, type Finder } from '../../e2e/fixtures/stand-ins.ts'
import { API_VERSION, PLURALS } from '../../src/contract/crd/meta.ts'
import type { UserDeploymentSpecInput, UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { idBody } from '../../src/contract/ids.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import { orphansOf, stateOf } from './whole-state.ts'

type ClusterApi = Place['cluster']
type Spec = Partial<UserDeploymentSpecInput>

export interface Subject {
  readonly tenant: Tenant
  readonly deployed: Deployed
}

/** The service whose pods wait for another one's. */
export const DEPENDENT = 'web'

/** Two services and a database: every kind that a deployment can be made of. */
function firstSpec({ owner }: Tenant, revision = 1): Spec {
  const path = `users/${idBody(owner.userId)}/secrets`
  return {
    revision,
    services: [
      smallService({
        name: DEPENDENT,
        image: `registry.localhost/shipyard/hello:${revision}`,
        configFiles: [{ path: '/etc/hello/message.txt', content: `hello ${revision}\n` }],
        secrets: [{ path, version: revision, keys: [{ key: 'TOKEN', env: 'TOKEN' }] }],
        autoscaling: { minReplicas: 2, maxReplicas: 4, targetCpuPercent: 70 },
        dependsOn: ['postgres'],
      }),
      smallService({
        name: 'postgres',
        image: 'docker.io/library/postgres:17',
        ports: [{ port: 5432 }],
        runAsUser: 999,
        volumes: [{ name: 'data', path: '/var/lib/postgresql/data', size: '1Gi' }],
      }),
      smallService({ name: 'worker', ports: [], replicas: 2 }),
    ],
  }
}

/** Another image, configuration and version of a secret; one service less, and one more. */
function secondSpec(tenant: Tenant): Spec {
  const { services = [] } = firstSpec(tenant, 2)
  return {
    revision: 2,
    services: [...services.filter(({ name }) => name !== 'worker'), smallService({ name: 'api' })],
  }
}

/** @param before told of the tenant when nothing is deployed yet */
export async function begin(
  cluster: ClusterApi,
  before: (tenant: Tenant) => void = () => undefined,
): Promise<Subject> {
  const tenant = await createTenant(cluster, 'enterprise')
  before(tenant)
  return { tenant, deployed: await deploy(cluster, tenant, firstSpec(tenant)) }
}

export async function change(subject: Subject): Promise<void> {
  await subject.deployed.change(secondSpec(subject.tenant))
}

/** Nothing new, nothing less: one object is another one in one place. */
export async function changeImage({ tenant, deployed }: Subject): Promise<void> {
  const { services = [] } = firstSpec(tenant)
  const image = 'registry.localhost/shipyard/hello:2'
  await deployed.change({
    revision: 2,
    services: services.map((service) => (service.name === 'worker' ? { ...service, image } : service)),
  })
}

interface LiveResource {
  readonly metadata: { readonly generation: number }
  readonly status?: UserDeploymentStatus
}

/** In the place of External Secrets and of a kubelet. */
export async function standIn(cluster: ClusterApi, { deployed }: Subject): Promise<void> {
  const find: Finder = async (apiVersion, kind) => deployed.children(apiVersion, kind)
  await syncSecrets(cluster, find)
  await runPods(cluster, find)
}

/** Until what was wished last is so. What does not run here is stood in for meanwhile. */
export async function settle(cluster: ClusterApi, subject: Subject, withinMs = 90_000): Promise<void> {
  const { name, namespace } = subject.deployed
  const path = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURALS.UserDeployment}/${name}`
  await eventually(withinMs, async () => {
    await standIn(cluster, subject)
    const { metadata, status } = await cluster.get<LiveResource>(path)
    if (status?.phase === 'Ready' && status.observedGeneration === metadata.generation) return
    throw new Error(`It does not settle: ${JSON.stringify(status, undefined, 1)}`)
  })
}

/** Without Traefik no deployment has one, and here the kind is not even known. */
const { Middleware: _middleware, ...made } = MADE_VERSIONS
const KINDS = { ...made, ResourceQuota: 'v1', LimitRange: 'v1', ServiceAccount: 'v1' }

/** Everything in its namespace that the operator or its user wrote, as it is. */
export async function objectsOf(cluster: ClusterApi, { deployed }: Subject): Promise<KubeObject[]> {
  const kinds = Object.entries({ ...KINDS, UserDeployment: API_VERSION })
  const lists = kinds.map(async ([kind, apiVersion]) => {
    const path = await cluster.pathOf({ apiVersion, kind, metadata: { namespace: deployed.namespace } })
    const { items } = await cluster.get<{ items: KubeObject[] }>(path)
    return items.map((item): KubeObject => ({ ...item, apiVersion, kind }))
  })
  const all = (await Promise.all(lists)).flat()
  return all.filter(({ metadata }) => !NOT_OURS.has(metadata.name))
}

/** Every namespace has them. */
const NOT_OURS = new Set(['kube-root-ca.crt', 'default'])

/** An autoscaler says some time within 15 s whether it can measure the load: it may do so before or after any look. */
function withoutLoad(resource: KubeObject): KubeObject {
  const { status } = resource as KubeObject & { status?: UserDeploymentStatus }
  if (!status) return resource
  const conditions = status.conditions.filter(({ type }) => type !== 'ScalingActive')
  return { ...resource, status: { ...status, conditions } } as KubeObject
}

/** Of one deployment as of another, whoever owns it and whatever its name is. */
export function normalised(objects: readonly KubeObject[], { tenant, deployed }: Subject): unknown {
  const { owner, namespace } = tenant
  const words: [string, string][] = [
    [namespace, 'the-namespace'],
    [deployed.name, 'the-name'],
    ...[owner.userId, owner.orgId, owner.teamId].map((id, at): [string, string] => [idBody(id), `id-${at}`]),
  ]
  const plain = (object: KubeObject): KubeObject => {
    // What others report about their own work is theirs; only our resource's status is ours.
    const { status: _, ...rest } = object as KubeObject & { status?: unknown }
    let text = JSON.stringify(object.kind === 'UserDeployment' ? withoutLoad(object) : rest)
    for (const [word, instead] of words) text = text.replaceAll(word, instead)
    // Names that say by a hash what is in them, and what was checked: the hash is of ids too.
    const alike = text
      .replace(/(--(?:v\d+|config|tls))-[a-z0-9]{8,10}/g, '$1-hash')
      .replace(/"checked":"[0-9a-f]{20}"/, '"checked":"hash"')
    return JSON.parse(alike) as KubeObject
  }
  const found = objects.map(plain)
  return { state: stateOf(found), orphans: orphansOf(found) }
}
