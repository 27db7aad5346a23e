/** What people see of a deployment: row and custom resource joined. Pure. */
import type { UserDeployment } from '../../contract/crd/user-deployment.ts'
import type { Settings } from '../deps.ts'
import { namespaceOf } from './custom-resource.ts'
import type { Facts } from './facts.ts'
import { isPinned } from './pin-images.ts'
import { RevisionSpec } from './revision-spec.ts'
import type { DeploymentSummary, DeploymentView, ServiceView } from './schema.ts'
import { standingOf } from './standing.ts'
import type { DeploymentRow, ListedRow } from './store.ts'

export interface Viewing {
  readonly facts: Facts
  readonly settings: Settings
}

export const factOf = (
  row: Pick<ListedRow, 'ownerId' | 'orgId' | 'deploymentName'>,
  { facts, settings }: Viewing,
): UserDeployment | undefined => facts.of({ namespace: namespaceOf(row, settings), name: row.deploymentName })

export function viewOfListed(row: ListedRow, viewing: Viewing): DeploymentSummary {
  const visibility = row.visibility === 'internal' ? 'internal' : 'public'
  return summaryOf({ ...row, visibility }, viewing)
}

/** The same as a row of the list. */
export function summaryOfRow(row: DeploymentRow, viewing: Viewing): DeploymentSummary {
  return summaryOf({ ...row, visibility: RevisionSpec.parse(row.spec).visibility }, viewing)
}

export function viewOfRow(row: DeploymentRow, viewing: Viewing): DeploymentView {
  const spec = RevisionSpec.parse(row.spec)
  const status = factOf(row, viewing)?.status
  return {
    ...summaryOf({ ...row, visibility: spec.visibility }, viewing),
    generation: row.generation,
    rollbackOnFailure: spec.rollbackOnFailure,
    hosts: row.hosts,
    ingress: spec.ingress ?? null,
    specs: spec.services.map(viewOfService),
    conditions: status?.conditions ?? [],
    lastError: status?.lastError ?? null,
    deadlineAt: status?.deadlineAt ?? null,
  }
}

type Summarised = Omit<ListedRow, 'visibility' | 'hosts'> & { visibility: DeploymentSummary['visibility'] }

function summaryOf(row: Summarised, viewing: Viewing): DeploymentSummary {
  const fact = factOf(row, viewing)
  const { urls = [], services = [], readyRevision = null } = fact?.status ?? {}
  return {
    id: row.deploymentId,
    name: row.deploymentName,
    displayName: row.displayName,
    teamId: row.teamId,
    owner: { id: row.keeperId, name: row.keeperName },
    template: {
      id: row.templateId,
      name: row.templateName,
      displayName: row.templateDisplayName,
      version: row.templateVersion,
    },
    visibility: row.visibility,
    ...standingOf(row, fact, viewing.facts.cluster()),
    revision: row.revision,
    readyRevision,
    urls,
    services: services.map((service) => ({
      ...service,
      reason: service.reason ?? null,
      message: service.message ?? null,
    })),
    suspended: row.suspended || row.haltedBy !== null,
    haltedBy: row.haltedBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deletedAt: row.deletedAt?.toISOString() ?? null,
  }
}

const viewOfService = (service: RevisionSpec['services'][number]): ServiceView => ({
  name: service.name,
  image: service.image,
  isPinned: isPinned(service.image),
  ports: service.ports,
  env: service.env,
  secrets: service.secrets.flatMap(({ keys, version }) =>
    keys.map(({ key, env, file }) => ({ key, env: env ?? null, file: file?.path ?? null, version })),
  ),
  configFiles: service.configFiles,
  volumes: service.volumes.map(({ name, path }) => ({ name, path })),
  replicas: service.replicas ?? null,
  autoscaling: service.autoscaling ?? null,
  resources: service.resources,
  health: service.health ?? null,
  dependsOn: service.dependsOn,
})
