/**
 * Rows for tests, made by the product's own statements. Everything has a sensible value; a test names what it is
 * about. No row is shared: each builder makes new ones.
 */
import { createHash } from 'node:crypto'

import { createDeployment } from '../../prisma/sql/create-deployment.generated.ts'
import { createSession } from '../../prisma/sql/create-session.generated.ts'
import { deleteDeployment } from '../../prisma/sql/delete-deployment.generated.ts'
import { signIn } from '../../prisma/sql/sign-in.generated.ts'
import { upsertSystemTemplate } from '../../prisma/sql/upsert-system-template.generated.ts'
import {
  idBody,
  newId,
  randomBase32,
  type DeploymentId,
  type OrgId,
  type SessionId,
  type TeamId,
  type TemplateId,
  type TemplateVersionId,
  type UserId,
} from '../contract/ids.ts'
import { generateName, type ResourceName } from '../contract/names.ts'
import type { Plan } from '../contract/tiers.ts'
import type { Queries } from '../ports/db/port.ts'
import type { ParamsOf } from '../ports/db/statement.ts'

/** A user who owns an organisation and is the administrator of its default team. */
export interface Tenant {
  readonly userId: UserId
  readonly email: string
  readonly orgId: OrgId
  readonly teamId: TeamId
}

export async function aTenant(
  db: Queries,
  { name = 'Ada', plan = 'enterprise' }: { name?: string; plan?: Plan } = {},
): Promise<Tenant> {
  const params = signInParams({ name })
  const { userId } = await db.one(signIn, params)
  const { orgId, teamId, email } = params
  await db.prisma.organization.update({ where: { id: orgId }, data: { planId: plan } })
  return { userId, email, orgId, teamId }
}

/** What a first sign-in is called with. */
export function signInParams(given: Partial<ParamsOf<typeof signIn>> = {}): ParamsOf<typeof signIn> {
  const subject = given.subject ?? randomBase32(12)
  return {
    provider: 'google',
    subject,
    email: `${subject}@example.com`,
    name: 'Ada',
    avatarUrl: null,
    ip: null,
    userAgent: null,
    userId: newId('usr'),
    orgId: newId('org'),
    orgSlug: `org-${subject}`,
    orgName: 'Ada and friends',
    teamId: newId('team'),
    teamName: 'Default',
    auditId: newId('aud'),
    ...given,
  }
}

/** Another member of a tenant's organisation, and of its team if a role there is given. */
export async function aMember(
  db: Queries,
  { orgId, teamId }: Pick<Tenant, 'orgId' | 'teamId'>,
  roles: {
    org?: 'org_admin' | 'org_member'
    team?: 'team_admin' | 'developer' | 'viewer'
  } = {},
): Promise<UserId> {
  const userId = newId('usr')
  const { prisma } = db
  await prisma.user.create({ data: { id: userId, email: `${idBody(userId)}@example.com`, name: 'Grace' } })
  await prisma.orgMember.create({ data: { orgId, userId, role: roles.org ?? 'org_member' } })
  await prisma.organization.update({ where: { id: orgId }, data: { membersUsed: { increment: 1 } } })
  if (roles.team) await prisma.teamMember.create({ data: { teamId, orgId, userId, role: roles.team } })
  return userId
}

/** Another team of an organisation, without members. */
export async function aTeam(db: Queries, orgId: OrgId): Promise<TeamId> {
  const id = newId('team')
  await db.prisma.team.create({ data: { id, orgId, name: `Team ${idBody(id)}` } })
  await db.prisma.organization.update({ where: { id: orgId }, data: { teamsUsed: { increment: 1 } } })
  return id
}

export interface TestTemplate {
  readonly templateId: TemplateId
  readonly templateVersionId: TemplateVersionId
  readonly name: string
}

/** A template of the installation, with any document. */
export async function aTemplate(
  db: Queries,
  { name = `hello-${randomBase32(6)}`, spec = {} }: { name?: string; spec?: object } = {},
): Promise<TestTemplate> {
  const templateVersionId = newId('tpv')
  const { templateId } = await db.one(upsertSystemTemplate, {
    name,
    displayName: 'Hello',
    description: 'Says hello.',
    category: 'Examples',
    templateId: newId('tpl'),
    templateVersionId,
    spec,
  })
  return { templateId, templateVersionId, name }
}

export interface TestSession {
  readonly sessionId: SessionId
  readonly tokenHash: string
}

/** @param now when it begins; unused it lasts an hour, in any case three */
export async function aSession(
  db: Queries,
  userId: UserId,
  now = new Date(Date.UTC(2026, 0, 1)),
): Promise<TestSession> {
  const sessionId = newId('ses')
  const tokenHash = createHash('sha256').update(sessionId).digest('hex')
  await db.one(createSession, {
    sessionId,
    tokenHash,
    userId,
    ip: null,
    userAgent: null,
    now,
    idleExpiresAt: new Date(now.getTime() + 3_600_000),
    absoluteExpiresAt: new Date(now.getTime() + 3 * 3_600_000),
  })
  return { sessionId, tokenHash }
}

/** Who makes a change, and fresh ids for what is written about it. */
export function by(
  actorId: UserId,
): Pick<
  ParamsOf<typeof deleteDeployment>,
  | 'actorKind'
  | 'actorId'
  | 'actorName'
  | 'onBehalfOfId'
  | 'auditId'
  | 'activityId'
  | 'requestId'
  | 'ip'
  | 'userAgent'
> {
  return {
    actorKind: 'user',
    actorId,
    actorName: 'Ada',
    auditId: newId('aud'),
    activityId: newId('act'),
    onBehalfOfId: null,
    requestId: null,
    ip: null,
    userAgent: null,
  }
}

/** What a deployment is created with. */
export function deploymentParams(
  { userId, orgId, teamId }: Tenant,
  template: TestTemplate,
  given: Partial<ParamsOf<typeof createDeployment>> = {},
): ParamsOf<typeof createDeployment> {
  return {
    deploymentId: newId('dep'),
    deploymentName: generateName(),
    displayName: 'Hello',
    orgId,
    teamId,
    ownerId: userId,
    templateVersionId: template.templateVersionId,
    revisionId: newId('rev'),
    spec: { services: [], visibility: 'public' },
    secretVersions: {},
    secretOrigins: {},
    secrets: [],
    hosts: [],
    note: '',
    enforceLimit: true,
    changes: {},
    ...by(userId),
    ...given,
  }
}

export interface TestDeployment {
  readonly deploymentId: DeploymentId
  readonly deploymentName: ResourceName
  /** Asks for its deletion. */
  deleted(): Promise<void>
}

/** A deployment of a tenant; without a template, of a new one. */
export async function aDeployment(
  db: Queries,
  tenant: Tenant,
  given: Partial<ParamsOf<typeof createDeployment>> & { template?: TestTemplate } = {},
): Promise<TestDeployment> {
  const { template, ...rest } = given
  const params = deploymentParams(tenant, template ?? (await aTemplate(db)), rest)
  const { outcome } = await db.one(createDeployment, params)
  if (outcome !== 'created') throw new Error(`The deployment of a test was not created: ${outcome}.`)
  const { deploymentId, deploymentName } = params
  return {
    deploymentId,
    deploymentName,
    async deleted() {
      await db.one(deleteDeployment, { deploymentId, ...by(tenant.userId) })
    },
  }
}
