/**
 * What other controllers do in a cluster: Deployments get pods, ExternalSecrets get their values,
 * Ingresses are taken up. In small steps.
 */
import type { KubeObject } from '../runtime/cluster.ts'
import { shortHash } from '../user-deployment/hash.ts'
import type { LiveDeployment } from '../user-deployment/observed.ts'
import type { MemoryCluster } from './memory-cluster.ts'

/** One step of each. @returns whether anything is still under way */
export function step(cluster: MemoryCluster): boolean {
  const changed = [
    ...cluster.objects.all('ExternalSecret').map((each) => syncSecret(cluster, each)),
    ...cluster.objects.all('Ingress').map((each) => takeUp(cluster, each)),
    ...cluster.objects
      .all('Deployment')
      .filter(isOperators)
      .map((each) => rollOut(cluster, each as LiveDeployment)),
  ]
  return changed.some(Boolean)
}

/** Takes away what was made for an owner that was gone by then. @returns whether there was any */
export function collectGarbage({ objects }: MemoryCluster): boolean {
  const all = objects.everything()
  const uids = new Set(all.map(({ metadata }) => metadata.uid))
  const orphans = all.filter(({ metadata: { ownerReferences } }) =>
    ownerReferences?.some(({ kind, uid }) => kind === 'UserDeployment' && !uids.has(uid)),
  )
  for (const orphan of orphans) objects.drop(orphan)
  return orphans.length > 0
}

/** What a test put there as somebody else's is left as it is, so that every change of it is the operator's. */
const isOperators = ({ metadata }: KubeObject): boolean => metadata.ownerReferences !== undefined

function syncSecret(cluster: MemoryCluster, object: KubeObject): boolean {
  if ('status' in object || !isOperators(object)) return false
  const status = { conditions: [{ type: 'Ready', status: 'True', reason: 'SecretSynced' }] }
  cluster.objects.replace({ ...object, status } as KubeObject)
  return true
}

function takeUp(cluster: MemoryCluster, object: KubeObject): boolean {
  if ('status' in object || !isOperators(object)) return false
  const status = { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } }
  cluster.objects.replace({ ...object, status } as KubeObject)
  return true
}

/** First the ReplicaSet of the new template, then its pods are ready, then the old one goes. */
function rollOut(cluster: MemoryCluster, deployment: LiveDeployment): boolean {
  const { objects } = cluster
  const name = `${deployment.metadata.name}-${hashOf(deployment.spec.template)}`
  const owned = objects
    .all('ReplicaSet')
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
  if (!owned.some(({ metadata }) => metadata.name === name)) {
    objects.replace(replicaSet(deployment, name))
    report(cluster, deployment, { ready: 0, old: owned.length })
    return true
  }
  const { status, spec, metadata } = deployment
  const wanted = spec.replicas ?? 1
  const isReported =
    status?.observedGeneration === metadata.generation &&
    status?.availableReplicas === wanted &&
    status.replicas === wanted
  if (!isReported) {
    report(cluster, deployment, { ready: wanted, old: 0 })
    return true
  }
  const old = owned.filter((each) => each.metadata.name !== name)
  for (const each of old) objects.drop(each)
  return old.length > 0
}

const hashes = new WeakMap<object, string>()

/** A template that stays the same stays the same object, and is asked about at every step. */
function hashOf(template: object): string {
  const known = hashes.get(template)
  if (known !== undefined) return known
  const hash = shortHash(JSON.stringify(template), 8)
  hashes.set(template, hash)
  return hash
}

function report(
  cluster: MemoryCluster,
  deployment: LiveDeployment,
  pods: { ready: number; old: number },
): void {
  const status = {
    observedGeneration: deployment.metadata.generation,
    replicas: pods.ready + pods.old,
    updatedReplicas: pods.ready,
    readyReplicas: pods.ready,
    availableReplicas: pods.ready,
  }
  cluster.objects.replace({ ...deployment, status } as KubeObject)
}

function replicaSet({ metadata, spec }: LiveDeployment, name: string): KubeObject {
  const template = spec.template as LiveDeployment['spec']['template'] & {
    metadata?: { labels?: Record<string, string> }
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: metadata.namespace ?? '',
      labels: template.metadata?.labels ?? {},
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: metadata.name,
          uid: metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: { template: spec.template },
  } as KubeObject
}
