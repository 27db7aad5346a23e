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
  const { metadata, spec, ...rest } = structuredClone(object) as Loose & { status?: unknown }
  delete rest.status
  delete spec?.clusterIP
  const isScaled = object.kind === 'Deployment' && scaled.has(metadata.labels?.[LABELS.service] ?? '')
  if (isScaled) delete spec?.replicas
  for (const alias of aliasesOf(spec)) {
    alias.ip = alias.hostnames.every((name) => addresses.get(alias.ip) === name) ? 'right' : alias.ip
  }
  const { labels } = metadata
  return { ...rest, spec, labels }
}

const aliasesOf = (spec: Loose['spec']): { ip: string; hostnames: string[] }[] =>
  spec?.template?.spec.hostAliases ?? []
