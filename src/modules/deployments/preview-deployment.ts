/** What the operator would make of a deployment, or of a change to one, before anything is done. */
import { renderUserDeployment } from '../../../operator/user-deployment/render.ts'
import type { UserDeployment } from '../../contract/crd/user-deployment.ts'
import { hostFor } from '../../contract/names.ts'
import { publicUrl } from '../../contract/public-address.ts'
import { limitsFor, planOf as tierOf } from '../../contract/tiers.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import type { Quota } from '../access/schema.ts'
import { limitReached } from '../billing/limit-reached.ts'
import type { Deps, Settings } from '../deps.ts'
import { withManner } from './change-ingress.ts'
import { withService, type ServiceChanges } from './change-service.ts'
import { compareObjects, type Manifest } from './compare-objects.ts'
import { customResource, type Wanted } from './custom-resource.ts'
import { getRow } from './get-deployment.ts'
import { pinImages, type Pinned } from './pin-images.ts'
import { scaledTo } from './scale-service.ts'
import { prepareDeployment } from './prepare-deployment.ts'
import { RevisionSpec } from './revision-spec.ts'
import type { CreateDeployment, DeploymentPlan, PlanUpdate } from './schema.ts'
import { findUsage, type Usage } from './store.ts'
import { factOf } from './view.ts'

type Needed = Pick<Deps, 'db' | 'registry' | 'settings' | 'facts' | 'clock'>

/** @throws {AppError} as createDeployment, for all that can be known beforehand */
export async function previewDeployment(
  deps: Needed,
  caller: Caller,
  input: CreateDeployment,
): Promise<DeploymentPlan> {
  const { name, template, spec } = await prepareDeployment(deps, caller, input)
  const usage = await findUsage(deps.db, caller.scope.orgId)
  assertDomainsLeft(deps.settings, usage, input.hosts.length)
  const pinned = await pinImages(deps, spec)
  const deployments = quotaOf(deps.settings, usage)
  const org = caller.actor.orgs.find(({ orgId }) => orgId === caller.scope.orgId)
  const team = caller.actor.teams.find(({ teamId }) => teamId === input.teamId)
  const wanted: Wanted = {
    deploymentId: input.id,
    deploymentName: name,
    displayName: input.displayName,
    generation: 1,
    restartedAt: null,
    suspended: false,
    ownerId: caller.actor.userId,
    ownerName: caller.actor.name,
    orgId: caller.scope.orgId,
    orgName: org?.name ?? '',
    teamId: input.teamId,
    teamName: team?.name ?? '',
    planId: org?.planId ?? 'free',
    templateName: template.row.name,
    templateVersion: template.row.version,
    revision: 1,
    spec: pinned.spec,
    hosts: input.hosts,
  }
  return planOf({ settings: deps.settings, wanted, present: undefined, pinned, deployments })
}

/** @throws {AppError} NOT_FOUND, INVALID_INPUT, IMAGE_NOT_FOUND */
export async function previewUpdate(
  deps: Needed,
  caller: Caller,
  input: PlanUpdate,
): Promise<DeploymentPlan> {
  const row = await getRow(deps, input.id)
  const changed = changedSpec(RevisionSpec.parse(row.spec), input)
  const { service } = input
  const pinned = service ? await pinImages(deps, changed, service) : { spec: changed, warnings: [] }
  const deployments = quotaOf(deps.settings, await findUsage(deps.db, caller.scope.orgId))
  const wanted: Wanted = {
    ...row,
    suspended: row.suspended || row.haltedBy !== null,
    generation: row.generation + 1,
    revision: row.revision + 1,
    spec: pinned.spec,
  }
  return planOf({ settings: deps.settings, wanted, present: factOf(row, deps), pinned, deployments })
}

/** @throws {AppError} INVALID_INPUT, NOT_FOUND */
function changedSpec(spec: RevisionSpec, input: PlanUpdate): RevisionSpec {
  const { service, ingress } = input
  const changes = changesOf(input)
  if (!service && Object.keys(changes).length > 0)
    fail('INVALID_INPUT', { problem: 'Name the service that is to change.' })
  const taken = ingress ? withManner(spec, ingress) : spec
  return service ? withService(taken, service, changes) : taken
}

function changesOf({ env, image, configFiles, replicas }: PlanUpdate): ServiceChanges {
  return {
    ...(env === undefined ? {} : { env }),
    ...(image === undefined ? {} : { image }),
    ...(configFiles === undefined ? {} : { configFiles }),
    ...(replicas === undefined ? {} : scaledTo(replicas)),
  }
}

interface Known {
  readonly settings: Settings
  readonly wanted: Wanted
  /** What is in the cluster now. */
  readonly present: UserDeployment | undefined
  readonly pinned: Pinned
  readonly deployments: Quota
}

function planOf({ settings, wanted, present, pinned, deployments }: Known): DeploymentPlan {
  const resource = withIdentityOf(customResource(wanted, settings), present)
  const before: Manifest[] = present ? renderUserDeployment(present, settings.render) : []
  const { spec, metadata } = resource
  const isPublic = spec.ingress !== undefined && spec.visibility === 'public'
  const generated = hostFor(wanted.deploymentName, settings.render.deploymentDomain)
  const hosts = [generated, ...(spec.ingress?.hosts ?? [])]
  return {
    namespace: metadata.namespace ?? '',
    objects: compareObjects(before, renderUserDeployment(resource, settings.render)),
    urls: isPublic ? hosts.map((host) => publicUrl(settings.render.publicAddress, host)) : [],
    deployments,
    warnings: pinned.warnings,
  }
}

/** The same object as the one that is there: its parts name it as their owner by its uid. */
function withIdentityOf(resource: UserDeployment, present: UserDeployment | undefined): UserDeployment {
  const uid = present?.metadata.uid
  return uid === undefined ? resource : { ...resource, metadata: { ...resource.metadata, uid } }
}

function quotaOf(settings: Settings, { planId, used, ownLimit }: Usage): Quota {
  const limits = limitsFor(tierOf(planId), settings)
  return { used, limit: settings.isBillingEnabled ? (ownLimit ?? limits.deployments) : null }
}

/** @throws {AppError} TIER_LIMIT_REACHED */
function assertDomainsLeft(settings: Settings, usage: Usage, hosts: number): void {
  if (!settings.isBillingEnabled || hosts === 0) return
  const { planId, domainsUsed: used } = usage
  const limit = usage.domainsLimit ?? limitsFor(tierOf(planId), settings).customDomains
  const count = used + hosts
  if (limit !== null && count > limit)
    throw limitReached(settings, { what: 'customDomains', planId, used, limit, count })
}
