/**
 * Names that reach Kubernetes, DNS, Vault or a file system. Each is a branded text, made only by the schema or
 * function here, so that nothing unchecked can stand in a path or a selector. No word of a user stands in the
 * name of an object beside another one: names hold ids and generated names, so they cannot collide.
 */
import type { z } from 'zod'

import { branded, type Branded } from './branded.ts'
import { ID_BODY, idBody, randomBase32, type OrgId, type UserId } from './ids.ts'

const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'

/** A label of RFC 1123: what a namespace, a node or most objects may be called. */
export type Dns1123Label = Branded<'dns1123_label'>
export const Dns1123Label: z.ZodType<Dns1123Label, string> = branded({
  pattern: new RegExp(`^${LABEL}$`),
  max: 63,
  says: 'A name has at most 63 lower-case letters, digits and hyphens, and begins and ends with a letter or digit.',
})

/**
 * The generated name of a custom resource, unique in the installation: ten characters of lower-case base32, the
 * first a letter. It is the first label of the host name and the `{name}` in Vault's paths.
 */
export type ResourceName = Dns1123Label & z.$brand<'resource_name'>
export const ResourceName: z.ZodType<ResourceName, string> = branded({
  pattern: /^[a-z][a-z2-7]{9}$/,
  max: 10,
  says: 'The name of a deployment is ten characters from a to z and 2 to 7 and begins with a letter.',
})

/** A new name: 49 random bits. It is unique once the database has taken it. */
export function generateName(): ResourceName {
  for (;;) {
    const name = randomBase32(10)
    if (/^[a-z]/.test(name)) return name as ResourceName
  }
}

/**
 * The name of a service of a deployment, by which the others reach it. No double hyphen: `childName` separates
 * by one.
 */
export type ServiceName = Dns1123Label & z.$brand<'service_name'>
export const ServiceName: z.ZodType<ServiceName, string> = branded({
  pattern: /^[a-z](?:-?[a-z0-9])*$/,
  max: 30,
  says: 'The name of a service has at most 30 lower-case letters, digits and single hyphens, begins with a letter and ends with a letter or digit.',
})

/** The name of a volume of a service. */
export type VolumeName = Dns1123Label & z.$brand<'volume_name'>
export const VolumeName: z.ZodType<VolumeName, string> = branded({
  pattern: /^[a-z](?:-?[a-z0-9])*$/,
  max: 20,
  says: 'The name of a volume has at most 20 lower-case letters, digits and single hyphens, begins with a letter and ends with a letter or digit.',
})

/** The name of a template, unique among those that one may see. */
export type TemplateName = Dns1123Label & z.$brand<'template_name'>
export const TemplateName: z.ZodType<TemplateName, string> = branded({
  pattern: /^[a-z](?:-?[a-z0-9])*$/,
  max: 40,
  says: 'The name of a template has at most 40 lower-case letters, digits and single hyphens, begins with a letter and ends with a letter or digit.',
})

/**
 * The name of an object that belongs to a deployment: `{name}`, `{name}-{service}` or `{name}-{service}--{part}`.
 * Different arguments give different names (the name has no hyphen, the others no double one), and the longest
 * has 63 characters.
 */
export function childName(name: ResourceName, service?: ServiceName, part?: VolumeName): Dns1123Label {
  const child = [name, ...(service ? ['-', service] : []), ...(part ? ['--', part] : [])].join('')
  return child as Dns1123Label
}

/** The key of a secret, and the name of a variable in a container's environment. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

export type SecretKey = Branded<'secret_key'>
export const SecretKey: z.ZodType<SecretKey, string> = branded({
  pattern: VARIABLE,
  max: 253,
  says: 'A secret key has at most 253 letters, digits and underscores and does not begin with a digit.',
})

export type EnvName = Branded<'env_name'>
export const EnvName: z.ZodType<EnvName, string> = branded({
  pattern: VARIABLE,
  max: 253,
  says: 'The name of a variable has at most 253 letters, digits and underscores and does not begin with a digit.',
})

/** An absolute path in a container: no `.` or `..`, no empty part, nothing but plain characters. */
export type FilePath = Branded<'file_path'>
export const FilePath: z.ZodType<FilePath, string> = branded({
  pattern:
    /^(?:\/(?:[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*|\.[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*|\.\.[A-Za-z0-9._@+-]+))+$/,
  max: 255,
  says: 'A path begins with a slash, has at most 255 letters, digits and . _ @ + - between slashes, and no part . or ..',
})

/** The namespace of one user in one organisation. */
export type Namespace = Dns1123Label & z.$brand<'namespace'>

/** Whom a namespace belongs to. */
export interface Tenant {
  userId: UserId
  orgId: OrgId
}

/**
 * The pattern of namespaces (`KUBERNETES_NAMESPACE`). It must name the user and the organisation, once each and
 * with something between them, or two tenants could meet in one namespace.
 */
export type NamespacePattern = Branded<'namespace_pattern'>
export const NamespacePattern: z.ZodType<NamespacePattern, string> = branded<NamespacePattern>({
  // What remains for fixed characters is 63 less two ids of 25; `{userId}` and `{orgId}` are 8 and 7.
  pattern:
    /^(?:[a-z][-a-z0-9]*-)?(?:\{userId\}-(?:[-a-z0-9]*-)?\{orgId\}|\{orgId\}-(?:[-a-z0-9]*-)?\{userId\})$/,
  max: 63 - 2 * 25 + 8 + 7,
  says: 'The pattern of namespaces holds {userId} and {orgId} once each with a hyphen between them, lower-case letters, digits and hyphens before or between, and at most 13 characters besides the two.',
})

export const DEFAULT_NAMESPACE_PATTERN: NamespacePattern = NamespacePattern.parse('sandbox-{userId}-{orgId}')

/** The namespace of a tenant's deployments. */
export function namespaceFor(pattern: NamespacePattern, { userId, orgId }: Tenant): Namespace {
  return pattern.replace('{userId}', idBody(userId)).replace('{orgId}', idBody(orgId)) as Namespace
}

/** Whose a namespace of that pattern would be; undefined when it has another name. */
export function tenantOf(pattern: NamespacePattern, namespace: string): Tenant | undefined {
  const shape = pattern.replace('{userId}', `(?<user>${ID_BODY})`).replace('{orgId}', `(?<org>${ID_BODY})`)
  const { user, org } = new RegExp(`^${shape}$`).exec(namespace)?.groups ?? {}
  if (user === undefined || org === undefined) return undefined
  return { userId: `usr_${user}` as UserId, orgId: `org_${org}` as OrgId }
}

/** What the namespaces of agent tasks begin with (`TASK_NAMESPACE`). */
export type TaskNamespacePrefix = Branded<'task_namespace_prefix'>
export const TaskNamespacePrefix: z.ZodType<TaskNamespacePrefix, string> = branded({
  pattern: /^[a-z](?:-?[a-z0-9])*$/,
  max: 63 - 2 * 25 - 2,
  says: 'The prefix of task namespaces has at most 11 lower-case letters, digits and single hyphens, begins with a letter and ends with a letter or digit.',
})

export const DEFAULT_TASK_NAMESPACE_PREFIX: TaskNamespacePrefix = TaskNamespacePrefix.parse('agent-tasks')

/** The namespace of a tenant's agent tasks, by default `agent-tasks-{userId}-{orgId}`. */
export function taskNamespaceFor(prefix: TaskNamespacePrefix, { userId, orgId }: Tenant): Namespace {
  return [prefix, idBody(userId), idBody(orgId)].join('-') as Namespace
}

/** The part after the last dot begins with a letter, so that no address of four numbers is a host name. */
const LAST_LABEL = '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?'

/** A host name of RFC 1123 with a dot in it; names in other scripts in their `xn--` form; no wildcard. */
export type HostName = Branded<'host_name'>
export const HostName: z.ZodType<HostName, string> = branded({
  pattern: new RegExp(`^(?:${LABEL}\\.)+${LAST_LABEL}$`),
  max: 253,
  says: 'A host name is written like shop.example.com: lower-case letters, digits and hyphens between dots, no wildcard, at most 253 characters.',
})

/** The domain below which generated host names lie (`DEPLOYMENT_DOMAIN`). */
export type Domain = Branded<'domain'>
export const Domain: z.ZodType<Domain, string> = branded({
  pattern: new RegExp(`^(?:${LABEL}\\.)*${LAST_LABEL}$`),
  max: 253 - 11,
  says: 'A domain is written like apps.example.com: lower-case letters, digits and hyphens between dots, at most 242 characters.',
})

/** The generated host name of a deployment. */
export const hostFor = (name: ResourceName, domain: Domain): HostName => `${name}.${domain}` as HostName

/**
 * A secret's path in Vault, below the mount and without a slash before it. The five layers, of which a later one
 * overrides an earlier one: organisation, user, template, deployment, and a service of the last two.
 */
export type VaultPath = Branded<'vault_path'>
const WORD = '[a-z](?:-?[a-z0-9])*'
const BODY = '[a-z2-7]{25}'
export const VaultPath: z.ZodType<VaultPath, string> = branded({
  pattern: new RegExp(
    `^(?:orgs/${BODY}/secrets|users/${BODY}/(?:secrets|(?:templates|deployments)/${WORD}(?:/services/${WORD})?))$`,
  ),
  max: 150,
  says: 'The path of a secret is one of orgs/{orgId}/secrets, users/{userId}/secrets, users/{userId}/templates/{name} and users/{userId}/deployments/{name}, the last two also with /services/{service}.',
})

interface OfTemplate {
  userId: UserId
  template: TemplateName
  service?: ServiceName
}

interface OfDeployment {
  userId: UserId
  name: ResourceName
  service?: ServiceName
}

/** The path of each layer. Ids stand there as in names, by the part after the underscore. */
export const vaultPaths = {
  organisation: (orgId: OrgId): VaultPath => join('orgs', idBody(orgId), 'secrets'),
  user: (userId: UserId): VaultPath => join('users', idBody(userId), 'secrets'),
  template: ({ userId, template, service }: OfTemplate): VaultPath =>
    join('users', idBody(userId), 'templates', template, ...(service ? ['services', service] : [])),
  deployment: ({ userId, name, service }: OfDeployment): VaultPath =>
    join('users', idBody(userId), 'deployments', name, ...(service ? ['services', service] : [])),
}

const join = (...parts: string[]): VaultPath => parts.join('/') as VaultPath
