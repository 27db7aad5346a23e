/** What of a cluster has to be the same however it came about. */
import { LABELS } from '../../src/contract/crd/meta.ts'
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import type { MemoryCluster } from './memory-cluster.ts'

interface Loose extends KubeObject {
  spec?: Record<string, unknown> & {
    clusterIP?: string
    replicas?: number
    template?: { spec: { hostAliases?: { ip: string; hostnames: string[] }[] } }
  }
}

/** The objects that a deployment owns, by slot, without what the cluster gave them by chance. */
export function ownedBy({ objects }: MemoryCluster, resource: UserDeployment): Record<string, unknown> {
  const uid = objects.get('UserDeployment', resource.metadata)?.metadata.uid
  const owned = objects
    .everything()
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
  const addresses = new Map(
    owned.flatMap((object) => {
      const { spec } = object as Loose
      return object.kind === 'Service'
        ? [[spec?.clusterIP ?? '', object.metadata.labels?.[LABELS.service]]]
        : []
    }),
  )
  const scaled = new Set(
    resource.spec.services.filter(({ autoscaling }) => autoscaling).map(({ name }) => name),
  )
  return Object.fromEntries(
    owned
      .map((object): [string, unknown] => [
        `${object.kind} ${object.metadata.name}`,
        plain(object, addresses, scaled),
      ])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function plain(
  object: KubeObject,
  addresses: ReadonlyMap<string, string | undefined>,
  scaled: ReadonlySet<string>,
): unknown {
  const { metadata, spec, status: _status, ...rest } = object as Loose & { status?: unknown }
  const { labels } = metadata
  if (!spec) return { ...rest, spec, labels }
  const { clusterIP: _address, replicas, template, ...others } = spec
  const isScaled = object.kind === 'Deployment' && scaled.has(labels?.[LABELS.service] ?? '')
  return {
    ...rest,
    labels,
    spec: {
      ...others,
      ...(isScaled ? {} : { replicas }),
      template: template && toldApart(template, addresses),
    },
  }
}

type Template = NonNullable<NonNullable<Loose['spec']>['template']>

/** Addresses that are those of their services look alike. */
function toldApart(template: Template, addresses: ReadonlyMap<string, string | undefined>): Template {
  const hostAliases = template.spec.hostAliases?.map(({ ip, hostnames }) => ({
    ip: hostnames.every((name) => addresses.get(ip) === name) ? 'right' : ip,
    hostnames,
  }))
  return { ...template, spec: { ...template.spec, ...(hostAliases ? { hostAliases } : {}) } }
}
