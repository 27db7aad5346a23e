/** What people do with deployments, in steps; after each step the operator has all the time that it needs. */
import { LABELS, MANAGED_BY } from '../../src/contract/crd/meta.ts'
import { UserDeployment, type UserDeploymentSpec } from '../../src/contract/crd/user-deployment.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import { putNamespace, putResource } from './populate.ts'
import { aResource, NAMESPACE } from './resources.ts'
import { scenario, SCENARIOS } from './scenarios.ts'

type Step = (cluster: MemoryCluster) => void

export interface Journey {
  name: string
  steps: readonly Step[]
  /** So many steps at the beginning are those of another journey too: calls are left in peace there. Default 0. */
  calmSteps?: number
}

const stack = scenario('hello-stack').resource
const database = scenario('database').resource
const scaled = scenario('scaled').resource

const begin =
  (...resources: UserDeployment[]): Step =>
  (cluster) => {
    for (const resource of resources) {
      putNamespace(cluster, resource)
      putResource(cluster, resource)
    }
  }

const put =
  (resource: UserDeployment): Step =>
  (cluster) =>
    putResource(cluster, resource)

const edited = (resource: UserDeployment, spec: Partial<UserDeploymentSpec>): UserDeployment =>
  UserDeployment.parse({
    ...resource,
    spec: { ...resource.spec, revision: resource.spec.revision + 1, ...spec },
  })

const services = (
  resource: UserDeployment,
  edit: (service: UserDeploymentSpec['services'][number]) => object,
): UserDeployment =>
  edited(resource, {
    services: resource.spec.services.map((service) => ({ ...service, ...edit(service) })),
  })

/** In the foreground: first it says that it goes, then it is gone with all that it owned. */
const going =
  ({ metadata }: UserDeployment): Step =>
  ({ objects }) => {
    const live = objects.get('UserDeployment', metadata)
    if (!live) return
    const deletionTimestamp = '2030-01-01T01:00:00Z'
    objects.replace({ ...live, metadata: { ...live.metadata, deletionTimestamp } })
  }

const gone =
  ({ metadata }: UserDeployment): Step =>
  ({ objects }) => {
    const live = objects.get('UserDeployment', metadata)
    if (live) objects.drop(live)
  }

const again = UserDeployment.parse({
  ...database,
  metadata: { ...database.metadata, uid: 'another-life', creationTimestamp: '2030-01-02T00:00:00Z' },
})

const ingress = { service: 'web', port: 8080, hosts: ['shop.example.com'] }
const first = aResource({ ingress })
const second = aResource(
  { ingress },
  {
    name: 'bcdefghijk' as UserDeployment['metadata']['name'],
    uid: '00000000-0000-4000-8000-000000000002',
    creationTimestamp: '2030-01-01T00:00:01Z',
  },
)

export const JOURNEYS: readonly Journey[] = [
  ...SCENARIOS.map(({ name, resource }) => ({ name: `create ${name}`, steps: [begin(resource)] })),
  {
    name: 'another image and another configuration',
    calmSteps: 1,
    steps: [
      begin(stack),
      put(
        services(stack, ({ configFiles }) => ({
          image: 'docker.io/library/other:2',
          configFiles: configFiles.map((file) => ({ ...file, content: 'another\n' })),
        })),
      ),
    ],
  },
  {
    name: 'another version of a secret',
    calmSteps: 1,
    steps: [
      begin(stack),
      put(
        services(stack, ({ secrets }) => ({
          secrets: secrets.map((secret) => ({ ...secret, version: secret.version + 1 })),
        })),
      ),
    ],
  },
  {
    name: 'scale',
    steps: [begin(scaled), put(services(scaled, () => ({ autoscaling: undefined, replicas: 4 })))],
  },
  {
    name: 'suspend and resume',
    calmSteps: 1,
    steps: [begin(scaled), put(edited(scaled, { suspended: true })), put(edited(scaled, { revision: 3 }))],
  },
  {
    name: 'a service less, a service renamed',
    calmSteps: 1,
    steps: [
      begin(stack),
      put(edited(stack, { services: stack.spec.services.slice(1), ingress: undefined })),
      put(edited(stack, { revision: 3 })),
    ],
  },
  {
    name: 'a service taken away and given back at once',
    calmSteps: 1,
    steps: [
      begin(stack),
      (cluster) => {
        putResource(cluster, edited(stack, { services: stack.spec.services.slice(1), ingress: undefined }))
        putResource(cluster, edited(stack, { revision: 3 }))
      },
    ],
  },
  {
    name: 'delete with a kept volume',
    calmSteps: 1,
    steps: [begin(database), going(database), gone(database)],
  },
  {
    name: 'delete and create again with the kept volume',
    calmSteps: 1,
    steps: [begin(database), gone(database), put(again)],
  },
  {
    name: 'two deployments fight for a host',
    steps: [begin(first, second), put(edited(first, { revision: 2, ingress: undefined })), gone(first)],
  },
]

/** What others have in the same namespace: nothing of it is the operator's, whatever it is called. */
export function putForeign({ objects }: MemoryCluster): KubeObject[] {
  const place = { namespace: NAMESPACE }
  const labels = { [LABELS.managedBy]: MANAGED_BY, [LABELS.deployment]: stack.metadata.name }
  const given: KubeObject[] = [
    { apiVersion: 'v1', kind: 'Service', metadata: { ...place, name: 'somebodys' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...place, name: 'abcdefghij-web--config', labels } },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { ...place, name: 'x', labels } },
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...place, name: 'kept', labels } },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: {
        ...place,
        name: 'abcdefghij-x',
        labels,
        ownerReferences: [{ apiVersion: 'x/v1', kind: 'Other', name: 'o', uid: 'other', controller: true }],
      },
    },
  ]
  return given.map((object) => objects.replace(object))
}
