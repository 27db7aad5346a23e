/** What one may ask of deployments, and what one sees of them. */
import { z } from 'zod'

import { Condition } from '../../contract/crd/conditions.ts'
import { IngressManner, IngressWithoutHosts } from '../../contract/crd/ingress.ts'
import { listByKey, setOf } from '../../contract/crd/rule.ts'
import { Health, Resources } from '../../contract/crd/service-parts.ts'
import { Service } from '../../contract/crd/service.ts'
import { PHASES } from '../../contract/crd/user-deployment.ts'
import { DeploymentId, TeamId, TemplateId, UserId } from '../../contract/ids.ts'
import { ImageReference } from '../../contract/image.ts'
import { EnvName, HostName, ResourceName, SecretKey, ServiceName } from '../../contract/names.ts'
import { text, wholeNumber } from '../../contract/text.ts'
import { input, Instant, Quota } from '../access/schema.ts'
import { SecretValues } from '../secrets/schema.ts'

const { shape: service } = Service

const DisplayName = text({
  min: 1,
  max: 60,
  says: 'The name of a deployment has 1 to 60 characters.',
})

const variable = text({
  max: 32_768,
  says: 'The value of a variable has at most 32768 characters and no NUL.',
})

/** One deployment that exists; its team and the right are found by its id. */
export const chosen = { id: DeploymentId }

/** What a deployment changes of a service of its template. */
const ServiceOverride = z.object({
  name: ServiceName,
  image: ImageReference.optional(),
  replicas: wholeNumber('The number of replicas', 0, 50).optional(),
  resources: Resources.optional(),
  /** Added to the template's, which they override. */
  env: service.env.optional(),
})

/** The deploy form. The id is made by the client (`newId('dep')`), which makes trying again harmless. */
export const CreateDeployment = input({
  teamId: TeamId,
  id: DeploymentId,
  displayName: DisplayName,
  templateId: TemplateId,
  /** The current one when missing. */
  templateVersion: wholeNumber('The version of a template', 1, 2_147_483_647).optional(),
  visibility: z.enum(['public', 'internal']).default('public'),
  /** Go back by itself to the last revision that was ready, when an update fails. */
  rollbackOnFailure: z.boolean().default(false),
  /** Answers to the template's variables that are no secrets. */
  env: z.record(EnvName, variable).default({}),
  /** Answers to those that are. */
  secrets: SecretValues.default({}),
  services: listByKey(ServiceOverride, {
    keys: ['name'],
    max: 16,
    says: 'Each service may be changed once: remove the second.',
  }).default([]),
  /** Chosen host names besides the generated one. */
  hosts: setOf(HostName, { max: 20, says: 'Each host name may be listed once: remove the second.' }).default(
    [],
  ),
  /** How requests are taken in, in place of what the template says of it. */
  ingress: IngressManner.optional(),
})
/** Of the form: defaults may be missing. */
export type CreateDeploymentInput = z.input<typeof CreateDeployment>
export type CreateDeployment = z.output<typeof CreateDeployment>

export const PlanDeployment = CreateDeployment

export const MAX_PAGE = 100

export const ListDeployments = input({
  teamId: TeamId,
  /** `nextCursor` of the page before. */
  cursor: z.string().max(200).optional(),
  limit: wholeNumber('The size of a page', 1, MAX_PAGE).default(50),
  /** A part of the display name, or the beginning of the generated name. */
  search: text({ max: 60, says: 'A search has at most 60 characters.' }).optional(),
  phases: z.array(z.enum(PHASES)).min(1, 'Name at least one phase.').max(PHASES.length).optional(),
  templateId: TemplateId.optional(),
  ownerId: UserId.optional(),
})
export type ListDeployments = z.output<typeof ListDeployments>

export const GetDeployment = input(chosen)
export const RestartDeployment = input(chosen)
export const SuspendDeployment = input(chosen)
export const ResumeDeployment = input(chosen)
export const DeleteDeployment = input(chosen)

/** Refused when the deployment has another revision by now. */
export const baseRevision = wholeNumber('The revision', 1, 2_147_483_647).optional()

export const UpdateEnv = input({
  ...chosen,
  baseRevision,
  service: ServiceName,
  /** The whole environment of the service from now on (secrets apart). */
  env: service.env,
})
export type UpdateEnv = z.output<typeof UpdateEnv>

export const DeployImage = input({ ...chosen, baseRevision, service: ServiceName, image: ImageReference })
export type DeployImage = z.output<typeof DeployImage>

const replicas = wholeNumber('The number of replicas', 0, 50)

export const ScaleService = input({
  ...chosen,
  baseRevision,
  service: ServiceName,
  /** Takes the place of scaling by load; 0 stops this service alone. */
  replicas,
})
export type ScaleService = z.output<typeof ScaleService>

export const UpdateConfig = input({
  ...chosen,
  baseRevision,
  service: ServiceName,
  /** All config files of the service from now on. */
  configFiles: service.configFiles,
})
export type UpdateConfig = z.output<typeof UpdateConfig>

export const SetRollbackOnFailure = input({
  ...chosen,
  baseRevision,
  /** Whether Shipyard goes back by itself when an update fails. */
  rollbackOnFailure: z.boolean(),
})
export type SetRollbackOnFailure = z.output<typeof SetRollbackOnFailure>

export const UpdateIngress = input({
  ...chosen,
  baseRevision,
  /** All of it from now on. */
  ingress: IngressManner,
})
export type UpdateIngress = z.output<typeof UpdateIngress>

/** Any of them, to look at before. */
export const PlanUpdate = input({
  ...chosen,
  /** Whose environment, image, number or files they are. */
  service: ServiceName.optional(),
  ingress: IngressManner.optional(),
  // What is not named stays as it is, so without the defaults.
  env: service.env.unwrap().optional(),
  image: ImageReference.optional(),
  replicas: replicas.optional(),
  configFiles: service.configFiles.unwrap().optional(),
})
export type PlanUpdate = z.output<typeof PlanUpdate>

const ServiceSummary = z.object({
  name: ServiceName,
  desired: z.int(),
  updated: z.int(),
  ready: z.int(),
  restarts: z.int(),
  reason: z.string().nullable(),
  message: z.string().nullable(),
})

/** A row of the list: what is wanted and what is so, joined. */
export const DeploymentSummary = z.object({
  id: DeploymentId,
  /** Generated; first label of its host name. */
  name: ResourceName,
  displayName: z.string(),
  teamId: TeamId,
  owner: z.object({ id: UserId, name: z.string() }),
  template: z.object({ id: TemplateId, name: z.string(), displayName: z.string(), version: z.int() }),
  visibility: z.enum(['public', 'internal']),
  phase: z.enum(PHASES),
  /** Why, in one word (src/contract/crd/conditions.ts) and in a sentence. */
  reason: z.string(),
  message: z.string(),
  /** The newest change has not reached the cluster's status yet. */
  isUpToDate: z.boolean(),
  /** The revision that is wanted. */
  revision: z.int(),
  /** The last revision that was wholly ready. */
  readyRevision: z.int().nullable(),
  urls: z.array(z.string()),
  services: z.array(ServiceSummary),
  /** Its pods are to be stopped: somebody asked for that, or `haltedBy` says what does. */
  suspended: z.boolean(),
  /** What keeps it from running, whoever starts it: a suspended organisation, or money. */
  haltedBy: z.enum(['administrator', 'unpaid', 'budget', 'plan']).nullable(),
  createdAt: Instant,
  updatedAt: Instant,
  deletedAt: Instant.nullable(),
})
export type DeploymentSummary = z.infer<typeof DeploymentSummary>

export const DeploymentPage = z.object({
  items: z.array(DeploymentSummary),
  nextCursor: z.string().nullable(),
})

export const ServiceView = z.object({
  name: ServiceName,
  image: z.string(),
  /** False: the tag could not be turned into a digest, so it may come to mean another image. */
  isPinned: z.boolean(),
  ports: z.array(z.object({ port: z.int(), protocol: z.enum(['TCP', 'UDP']) })),
  env: z.array(z.object({ name: EnvName, value: z.string() })),
  /** Names only. */
  secrets: z.array(
    z.object({ key: SecretKey, env: EnvName.nullable(), file: z.string().nullable(), version: z.int() }),
  ),
  configFiles: z.array(z.object({ path: z.string(), content: z.string(), mode: z.int() })),
  /** One pod alone can hold them, so a service with volumes does not run as several. */
  volumes: z.array(z.object({ name: z.string(), path: z.string() })),
  replicas: z.int().nullable(),
  autoscaling: service.autoscaling.unwrap().nullable(),
  resources: Resources,
  health: Health.nullable(),
  dependsOn: z.array(ServiceName),
})
export type ServiceView = z.infer<typeof ServiceView>

export const DeploymentView = DeploymentSummary.extend({
  generation: z.int(),
  /** An update that fails is taken back. */
  rollbackOnFailure: z.boolean(),
  hosts: z.array(HostName),
  ingress: IngressWithoutHosts.nullable(),
  specs: z.array(ServiceView),
  conditions: z.array(Condition),
  lastError: z.object({ reason: z.string(), message: z.string() }).nullable(),
  /** When the present phase ends as an error. */
  deadlineAt: z.string().nullable(),
})
export type DeploymentView = z.infer<typeof DeploymentView>

/** One field of an object that the plan changes; a path as `spec.replicas` or `spec.ports[0].port`. */
export const PlannedField = z.object({
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
})

export const PlannedObject = z.object({
  action: z.enum(['create', 'change', 'remove', 'keep']),
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  /** The whole object as YAML; of one that goes, as it is now. */
  manifest: z.string(),
  fields: z.array(PlannedField),
})
export type PlannedObject = z.infer<typeof PlannedObject>

export const DeploymentPlan = z.object({
  namespace: z.string(),
  objects: z.array(PlannedObject),
  /** Where it will answer. */
  urls: z.array(z.string()),
  /** How many deployments the organisation has now, and may have. */
  deployments: Quota,
  /** What is well to know, such as a tag that cannot be pinned; nothing here prevents the deployment. */
  warnings: z.array(z.object({ code: z.string(), sentence: z.string() })),
})
export type DeploymentPlan = z.infer<typeof DeploymentPlan>

/** Set by the client library when it comes back after a break. */
const lastEventId = z.string().max(200).nullish()

/** All deployments of a team. */
export const WatchDeployments = input({ teamId: TeamId, lastEventId })
/** One deployment with everything. */
export const WatchDeployment = input({ ...chosen, lastEventId })

/** What stands in the list from now on, or that it stands there no more. */
export const DeploymentChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('changed'), id: DeploymentId, deployment: DeploymentSummary }),
  z.object({ kind: z.literal('removed'), id: DeploymentId }),
])
export type DeploymentChange = z.infer<typeof DeploymentChange>

/** The same for a deployment's own page. */
export const DeploymentViewChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('changed'), id: DeploymentId, deployment: DeploymentView }),
  z.object({ kind: z.literal('removed'), id: DeploymentId }),
])
export type DeploymentViewChange = z.infer<typeof DeploymentViewChange>

/** What a change answers with: enough to wait for it. */
export const DeploymentChanged = z.object({ id: DeploymentId, revision: z.int(), generation: z.int() })
export type DeploymentChanged = z.infer<typeof DeploymentChanged>
