/**
 * UserDeployment: the one definition of what a deployment is. The API server's schema, the input of procedures,
 * the form, the SDK's type and the parser of the status all come from here (docs/decisions/008).
 *
 * Only what a structural schema can say: objects that are not strict, no unions, "one of" as a rule.
 */
import { z } from 'zod'

import { Cidr } from '../cidr.ts'
import { OrgId, TeamId, UserId } from '../ids.ts'
import { ResourceName, SecretKey, VaultPath } from '../names.ts'
import { text, wholeNumber } from '../text.ts'
import { Condition } from './conditions.ts'
import { Consumption } from './consumption.ts'
import { Ingress } from './ingress.ts'
import { API_VERSION } from './meta.ts'
import { listByKey, setOf, withRules } from './rule.ts'
import { Service } from './service.ts'
import { SERVICE_BOUNDS } from './service-parts.ts'
import { specRules } from './spec-rules.ts'

const displayed = (what: string): z.ZodOptional<z.ZodType<string, string>> =>
  text({ max: 100, says: `${what} has at most 100 characters.` }).optional()

const Owner = z
  .object({
    userId: UserId.describe('User that the deployment belongs to.'),
    orgId: OrgId.describe('Organisation whose plan and limits count.'),
    teamId: TeamId.describe('Team whose members may see it.'),
    userName: displayed('The name of a user').describe('Name of the user, for people.'),
    orgName: displayed('The name of an organisation').describe('Name of the organisation, for people.'),
    teamName: displayed('The name of a team').describe('Name of the team, for people.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: 'self.userId == oldSelf.userId && self.orgId == oldSelf.orgId',
        message:
          'A deployment stays in the namespace of its user and organisation: make a new one for another owner.',
      },
    ],
  })
  .describe('Whose the deployment is.')

const TemplateRef = z
  .object({
    name: text({ min: 1, max: 63, says: 'The name of a template has 1 to 63 characters.' }).describe(
      'Name of the template.',
    ),
    version: wholeNumber('The version of a template', 1, 2_147_483_647).describe('Version of the template.'),
  })
  .describe('Template that the deployment was made from.')

export const ISOLATIONS = ['shared', 'namespace', 'dedicated'] as const
export type Isolation = (typeof ISOLATIONS)[number]

const EgressRule = z.object({
  cidr: Cidr.describe('Range of addresses, such as 203.0.113.0/24.'),
  ports: setOf(wholeNumber('Port', 1, 65_535), {
    max: 16,
    says: 'Each port may be listed once: remove the second.',
  })
    .default([])
    .describe('TCP ports there; all ports and protocols when none is listed.'),
})

const Network = z
  .object({
    isolation: z
      .enum(ISOLATIONS)
      .default('shared')
      .describe(
        'Who else may reach the pods: the namespace (shared), this deployment alone (namespace), that and own nodes (dedicated).',
      ),
    internet: z.boolean().default(true).describe('Whether the pods may reach public addresses.'),
    egress: z
      .array(EgressRule)
      .max(32, 'At most 32 ranges of addresses can be allowed.')
      .default([])
      .describe('Further addresses that the pods may reach.'),
  })
  .describe('What the pods may reach, and who may reach them.')

const PullSecret = z
  .object({
    registry: z
      .string()
      .max(255)
      .regex(
        /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?$/,
        'A registry is written like ghcr.io or registry.example.com:5000.',
      )
      .describe('Registry that asks for a password, such as ghcr.io.'),
    path: VaultPath.describe('Path in Vault, below the mount.'),
    version: wholeNumber('The version of a secret', 1, 2_147_483_647).describe('Version in Vault.'),
    usernameKey: SecretKey.default('username' as SecretKey).describe('Key that holds the user name.'),
    passwordKey: SecretKey.default('password' as SecretKey).describe('Key that holds the password or token.'),
  })
  .describe('Credentials for a registry.')

const TIMESTAMP_SAYS = 'A time is written like 2030-01-31T12:00:00Z.'
const Timestamp = z
  .string({ error: TIMESTAMP_SAYS })
  .max(30, { error: TIMESTAMP_SAYS, abort: true })
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z$/, TIMESTAMP_SAYS)

const specFields = z.object({
  displayName: displayed('The name of a deployment').describe('Name of the deployment, for people.'),
  owner: Owner,
  template: TemplateRef.optional(),
  revision: wholeNumber('The revision', 1, 2_147_483_647).describe('Number of the revision that this is.'),
  rollbackOnFailure: z
    .boolean()
    .default(false)
    .describe('Go back to the last revision that was ready when this one does not become ready in time.'),
  visibility: z
    .enum(['public', 'internal'])
    .default('public')
    .describe('public: its host names answer; internal: it can be reached inside the cluster only.'),
  suspended: z.boolean().default(false).describe('Keep everything but run no pods.'),
  restartedAt: Timestamp.optional().describe(
    'When a restart was last asked for: a new time replaces all pods.',
  ),
  network: Network.prefault({}),
  pullSecrets: listByKey(PullSecret, {
    keys: ['registry'],
    max: 8,
    says: 'Each registry may be listed once: remove the second.',
  })
    .default([])
    .describe('Credentials for registries that ask for a password.'),
  services: listByKey(Service, {
    keys: ['name'],
    max: SERVICE_BOUNDS.services,
    says: 'Each service needs a name of its own: rename the second.',
  })
    .min(1, 'A deployment needs at least one service.')
    .describe('What runs.'),
  ingress: Ingress.optional(),
})

export const UserDeploymentSpec = withRules(specFields, specRules).describe('What is wanted.')
/** A spec as it is kept and rendered: all defaults filled in. */
export type UserDeploymentSpec = z.output<typeof UserDeploymentSpec>
/** A spec as somebody writes it: what has a default may be missing. */
export type UserDeploymentSpecInput = z.input<typeof UserDeploymentSpec>

export const PHASES = ['Pending', 'Provisioning', 'Ready', 'Error', 'Deleting'] as const
export type Phase = (typeof PHASES)[number]

const count = (what: string): z.ZodType<number, number | undefined> =>
  z.int().min(0).default(0).describe(what)

export const ServiceStatus = z
  .object({
    name: Service.shape.name.describe('Name of the service.'),
    desired: count('Pods that are wanted.'),
    updated: count('Pods of the present revision.'),
    ready: count('Pods that are ready.'),
    restarts: count('Restarts of their containers.'),
    reason: z.string().max(1024).optional().describe('Why it is not ready, in one word.'),
    message: z.string().max(4096).optional().describe('Why it is not ready, in a sentence.'),
  })
  .describe('How one service fares.')
export type ServiceStatus = z.output<typeof ServiceStatus>

export const UserDeploymentStatus = z
  .object({
    observedGeneration: z
      .int()
      .min(0)
      .optional()
      .describe('The metadata.generation that this status is about.'),
    phase: z.enum(PHASES).default('Pending').describe('Where the deployment stands, in one word.'),
    conditions: listByKey(Condition, { keys: ['type'], max: 16, says: 'Each type of condition occurs once.' })
      .default([])
      .describe('The same in detail.'),
    services: listByKey(ServiceStatus, {
      keys: ['name'],
      max: SERVICE_BOUNDS.services,
      says: 'Each service occurs once.',
    })
      .default([])
      .describe('How each service fares.'),
    urls: z.array(z.string().max(300)).max(21).default([]).describe('Where the deployment answers.'),
    readyRevision: z.int().min(1).optional().describe('The last revision all of whose services were ready.'),
    lastError: z
      .object({
        reason: z.string().max(1024).describe('In one word.'),
        message: z.string().max(32_768).describe('In a sentence, with what to do.'),
      })
      .optional()
      .describe('What went wrong last, while it is not mended.'),
    deadlineAt: z
      .string()
      .max(40)
      .optional()
      .describe('When the present phase ends as an error, in RFC 3339.'),
    checked: z
      .string()
      .max(40)
      .optional()
      .describe('Names the spec that was found to be valid, and the rules that it was held against.'),
    consumption: Consumption.optional(),
  })
  .describe('What is so.')
export type UserDeploymentStatus = z.output<typeof UserDeploymentStatus>

const texts = z.record(z.string(), z.string())

/** What we read of an object's metadata. `name` is generated: object names are built from it. */
const Metadata = z.object({
  name: ResourceName,
  namespace: z.string().optional(),
  labels: texts.optional(),
  annotations: texts.optional(),
  uid: z.string().optional(),
  generation: z.int().optional(),
  resourceVersion: z.string().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  finalizers: z.array(z.string()).optional(),
})

export const UserDeployment = z.object({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('UserDeployment'),
  metadata: Metadata,
  spec: UserDeploymentSpec,
  status: UserDeploymentStatus.optional(),
})
export type UserDeployment = z.output<typeof UserDeployment>
