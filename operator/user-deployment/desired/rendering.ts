import { ANNOTATIONS, API_VERSION, LABELS, MANAGED_BY } from '../../../src/contract/crd/meta.ts'
import type { Service } from '../../../src/contract/crd/service.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import type { Dns1123Label, ServiceName } from '../../../src/contract/names.ts'
import type { RenderSettings } from '../../../src/contract/render-settings.ts'
import { defined, type ManifestMeta } from '../manifest.ts'

/** What only the cluster knows, because it decides it. By the name of the service. */
export interface RenderFacts {
  /**
   * ClusterIP of each service that has ports. Where one is missing, `ADDRESS_UNKNOWN` stands in its place: good
   * enough to show, and refused by any API server.
   */
  readonly addresses: ReadonlyMap<string, string>
  /** Present number of pods of services that are scaled by load: it is kept, within their bounds. */
  readonly replicas: ReadonlyMap<string, number>
  /** Host names that it wants and other deployments have: it does not answer there. */
  readonly hostsOfOthers: ReadonlySet<string>
}

/** What every file of this folder gets: values in, objects out, nothing asked of a cluster. */
export interface Rendering {
  readonly resource: UserDeployment
  readonly settings: RenderSettings
  readonly facts: RenderFacts
}

/** What a service has pods for; they are selected by these labels, which never change. */
export function serviceLabels(resource: UserDeployment, service: ServiceName): Record<string, string> {
  return { ...deploymentLabels(resource), [LABELS.service]: service }
}

/** All pods of a deployment. */
export function deploymentLabels({ metadata }: UserDeployment): Record<string, string> {
  return { [LABELS.deployment]: metadata.name }
}

/** On pods: no more than what selects them, because a change here replaces them all. */
export function podLabels(resource: UserDeployment, service: ServiceName): Record<string, string> {
  return { [LABELS.managedBy]: MANAGED_BY, ...serviceLabels(resource, service) }
}

interface MetadataOptions {
  service?: Service
  annotations?: Record<string, string>
  /** False for what outlives the deployment. Default true. */
  isOwned?: boolean
}

/** Metadata of a child: labels to find it by, ids for people with kubectl, and the owner that it goes with. */
export function metadataOf(
  { resource }: Pick<Rendering, 'resource'>,
  name: Dns1123Label,
  { service, annotations, isOwned = true }: MetadataOptions = {},
): ManifestMeta {
  const { metadata, spec } = resource
  const { owner } = spec
  return defined({
    name,
    namespace: metadata.namespace,
    labels: defined({
      [LABELS.managedBy]: MANAGED_BY,
      ...deploymentLabels(resource),
      [LABELS.service]: service?.name,
      [LABELS.deploymentId]: metadata.labels?.[LABELS.deploymentId],
      [LABELS.userId]: owner.userId,
      [LABELS.orgId]: owner.orgId,
      [LABELS.teamId]: owner.teamId,
    }) as Record<string, string>,
    annotations,
    ownerReferences: isOwned && metadata.uid !== undefined ? owners(resource, metadata.uid) : undefined,
  }) as ManifestMeta
}

const known = new WeakMap<UserDeployment, NonNullable<ManifestMeta['ownerReferences']>>()

/** All children share one: the operator keeps it as long as them. */
function owners(resource: UserDeployment, uid: string): NonNullable<ManifestMeta['ownerReferences']> {
  const made = known.get(resource) ?? [ownerReference(resource, uid)]
  known.set(resource, made)
  return made
}

/**
 * `blockOwnerDeletion`: somebody who deletes the deployment in the foreground sees it until everything is gone.
 */
function ownerReference(
  { metadata }: UserDeployment,
  uid: string,
): NonNullable<ManifestMeta['ownerReferences']>[0] {
  return {
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    name: metadata.name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** When a restart was last asked for, on pod templates. */
export function restartAnnotations({ spec }: UserDeployment): Record<string, string> | undefined {
  return spec.restartedAt === undefined ? undefined : { [ANNOTATIONS.restartedAt]: spec.restartedAt }
}
