/** The kinds we touch: where they are served. A kind that is not here needs a line here, and rights in RBAC. */
import { GROUP, PLURALS, VERSION, type Kind } from '../contract/crd/meta.ts'
import type { ResourceLocation } from './path.ts'

/** A kind with its place in the API. */
export interface Resource extends ResourceLocation {
  kind: string
  /** `v1`, `apps/v1`. */
  apiVersion: string
  namespaced: boolean
}

interface Row {
  apiVersion: string
  plural: string
  namespaced?: false
}

/** @param row `apiVersion` as objects of the kind carry it; kinds live in namespaces unless said otherwise */
export function defineResource(kind: string, row: Row): Resource {
  const slash = row.apiVersion.indexOf('/')
  return {
    kind,
    apiVersion: row.apiVersion,
    group: slash === -1 ? '' : row.apiVersion.slice(0, slash),
    version: row.apiVersion.slice(slash + 1),
    plural: row.plural,
    namespaced: row.namespaced ?? true,
  }
}

const ours = (kind: Kind): Row => ({ apiVersion: `${GROUP}/${VERSION}`, plural: PLURALS[kind] })

const ROWS = {
  ConfigMap: { apiVersion: 'v1', plural: 'configmaps' },
  Event: { apiVersion: 'events.k8s.io/v1', plural: 'events' },
  LimitRange: { apiVersion: 'v1', plural: 'limitranges' },
  Namespace: { apiVersion: 'v1', plural: 'namespaces', namespaced: false },
  Node: { apiVersion: 'v1', plural: 'nodes', namespaced: false },
  PersistentVolumeClaim: { apiVersion: 'v1', plural: 'persistentvolumeclaims' },
  Pod: { apiVersion: 'v1', plural: 'pods' },
  ResourceQuota: { apiVersion: 'v1', plural: 'resourcequotas' },
  /** Metadata only, always: nobody here has a right to read a value. */
  Secret: { apiVersion: 'v1', plural: 'secrets' },
  Service: { apiVersion: 'v1', plural: 'services' },
  ServiceAccount: { apiVersion: 'v1', plural: 'serviceaccounts' },
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments' },
  ReplicaSet: { apiVersion: 'apps/v1', plural: 'replicasets' },
  HorizontalPodAutoscaler: { apiVersion: 'autoscaling/v2', plural: 'horizontalpodautoscalers' },
  Lease: { apiVersion: 'coordination.k8s.io/v1', plural: 'leases' },
  ExternalSecret: { apiVersion: 'external-secrets.io/v1', plural: 'externalsecrets' },
  Ingress: { apiVersion: 'networking.k8s.io/v1', plural: 'ingresses' },
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', plural: 'networkpolicies' },
  PodDisruptionBudget: { apiVersion: 'policy/v1', plural: 'poddisruptionbudgets' },
  CustomResourceDefinition: {
    apiVersion: 'apiextensions.k8s.io/v1',
    plural: 'customresourcedefinitions',
    namespaced: false,
  },
  Middleware: { apiVersion: 'traefik.io/v1alpha1', plural: 'middlewares' },
  UserDeployment: ours('UserDeployment'),
  AgentTask: ours('AgentTask'),
  Workflow: ours('Workflow'),
} as const satisfies Record<string, Row>

export type KnownKind = keyof typeof ROWS

export const RESOURCES = Object.fromEntries(
  Object.entries(ROWS).map(([kind, row]) => [kind, defineResource(kind, row)]),
) as Record<KnownKind, Resource>

/** The kind that an object says it is. @throws {RangeError} a kind that has no line in the table */
export function resourceOf({ apiVersion, kind }: { apiVersion: string; kind: string }): Resource {
  const found = (RESOURCES as Partial<Record<string, Resource>>)[kind]
  if (found?.apiVersion !== apiVersion) {
    throw new RangeError(
      `${apiVersion} ${kind} is not in the table of resources (src/kubernetes/resources.ts).`,
    )
  }
  return found
}
