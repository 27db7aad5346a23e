/** Everybody who may call, with what they were given, for tests that hold every door against the table of rights. */
import { newId, randomBase32, type OrgId, type TeamId, type UserId } from '../contract/ids.ts'
import {
  isAllowedWhenSuspended,
  isInKeyScopes,
  judge,
  KEY_SCOPES,
  POLICY,
  type Action,
  type Grant,
  type KeyScope,
  type OrgRole,
  type TeamRole,
} from '../contract/policy.ts'
import { findCaller, hashOfKey, type Credentials } from '../modules/access/find-caller.ts'
import { contextOf, type Context } from '../rpc/context.ts'
import { aDeployment, aMember, aTeam, aTenant, type Tenant } from './builders.ts'
import type { World } from './world.ts'

export interface GridCaller {
  /** Undefined: nobody. */
  readonly credentials?: Credentials
  /** What it may, as the test knows it; undefined: it opens nothing (any more). */
  readonly grants?: readonly Grant[]
  readonly scopes?: readonly KeyScope[]
}

/** Something that procedures are asked about. */
export interface GridPlace {
  readonly orgId: OrgId
  readonly teamId: TeamId
  readonly id: string
  readonly isSuspended: boolean
}

export interface Grid {
  readonly callers: Readonly<Record<string, GridCaller>>
  readonly places: Readonly<Record<'own' | 'sibling' | 'foreign' | 'suspended' | 'absent', GridPlace>>
}

type AnyRole = { org: Exclude<OrgRole, 'org_owner'>; team?: TeamRole }

export async function aGrid(world: World): Promise<Grid> {
  const { db } = world
  const tenant = await aTenant(db)
  const other = await aTenant(db, { name: 'Eve' })
  const suspended = await aTenant(db, { name: 'Sam' })
  const sibling = { ...tenant, teamId: await aTeam(db, tenant.orgId) }
  const places = {
    own: await placeOf(world, tenant),
    sibling: await placeOf(world, sibling),
    foreign: await placeOf(world, other),
    suspended: { ...(await placeOf(world, suspended)), isSuspended: true },
    absent: { orgId: newId('org'), teamId: newId('team'), id: newId('dep'), isSuspended: false },
  }
  const make = maker(world)
  const root = await make.user('Root', true)
  const roles: Record<string, AnyRole> = {
    org_member: { org: 'org_member' },
    viewer: { org: 'org_member', team: 'viewer' },
    developer: { org: 'org_member', team: 'developer' },
    team_admin: { org: 'org_member', team: 'team_admin' },
    org_admin: { org: 'org_admin' },
  }
  const callers: Record<string, GridCaller> = {
    nobody: {},
    'ended session': { credentials: await endedSession(world, tenant.userId) },
    stranger: { credentials: await make.session(await make.user('Mallory')), grants: [] },
    platform_admin: { credentials: await make.session(root), grants: [{ role: 'platform_admin' }] },
    org_owner: { credentials: await make.session(tenant.userId), grants: ownerOf(tenant) },
    'owner of another organisation': {
      credentials: await make.session(other.userId),
      grants: ownerOf(other),
    },
    'owner of a suspended organisation': {
      credentials: await make.session(suspended.userId),
      grants: ownerOf(suspended),
    },
  }
  for (const [name, role] of Object.entries(roles)) {
    callers[name] = await make.member(tenant, role)
    callers[`${name} of a suspended organisation`] = await make.member(suspended, role)
  }
  Object.assign(callers, await removedMember(make, world, tenant), await keysOf(make, tenant, callers))
  await db.prisma.organization.update({
    where: { id: suspended.orgId },
    data: { suspendedAt: new Date(world.deps.clock.nowMs()) },
  })
  return { callers, places }
}

/** It opened everything a moment ago. */
async function endedSession(world: World, userId: UserId): Promise<Credentials> {
  const token = await world.signIn(userId)
  const session = await world.deps.sessions.validate(token)
  if (!session) throw new Error('A session of a test is not there.')
  await world.deps.sessions.invalidate(userId, session.id)
  return { kind: 'session', token }
}

const ownerOf = ({ orgId, teamId }: Tenant): Grant[] => [
  { role: 'org_owner', orgId },
  { role: 'team_admin', orgId, teamId },
]

async function placeOf({ db }: World, tenant: Tenant): Promise<GridPlace> {
  const { deploymentId } = await aDeployment(db, tenant)
  return { orgId: tenant.orgId, teamId: tenant.teamId, id: deploymentId, isSuspended: false }
}

interface Maker {
  user(name: string, isAdmin?: boolean): Promise<UserId>
  session(userId: UserId): Promise<Credentials>
  member(tenant: Tenant, role: AnyRole): Promise<GridCaller & { userId: UserId }>
  key(key: {
    by: UserId
    orgId: OrgId
    scopes: readonly KeyScope[]
    teamId?: TeamId
    expiresAt?: Date
    revokedAt?: Date
  }): Promise<Credentials>
}

function maker(world: World): Maker {
  const { prisma } = world.db
  const session = async (userId: UserId): Promise<Credentials> => ({
    kind: 'session',
    token: await world.signIn(userId),
  })
  return {
    session,
    async user(name, platformAdmin = false) {
      const id = newId('usr')
      await prisma.user.create({
        data: { id, name, email: `${randomBase32(9)}@example.com`, platformAdmin },
      })
      return id
    },
    async member({ orgId, teamId }, { org, team }) {
      const userId = await aMember(world.db, { orgId, teamId }, { org, ...(team ? { team } : {}) })
      const grants: Grant[] = [
        { role: org, orgId },
        ...(team ? [{ role: team, orgId, teamId } as const] : []),
      ]
      return { userId, credentials: await session(userId), grants }
    },
    async key({ by, scopes, ...given }) {
      const key = `shp_${randomBase32(32)}`
      const shown = { name: 'grid', prefix: key.slice(0, 10), keyHash: hashOfKey(key) }
      await prisma.apiKey.create({
        data: { id: newId('key'), ...shown, scopes: [...scopes], createdById: by, ...given },
      })
      return { kind: 'api_key', key }
    },
  }
}

/** Was a developer a moment ago: the session is there, the rights are not, and the key is dead. */
async function removedMember(make: Maker, world: World, tenant: Tenant): Promise<Record<string, GridCaller>> {
  const { userId, credentials } = await make.member(tenant, { org: 'org_member', team: 'developer' })
  const key = await make.key({ by: userId, orgId: tenant.orgId, scopes: KEY_SCOPES })
  await world.db.prisma.orgMember.delete({ where: { orgId_userId: { orgId: tenant.orgId, userId } } })
  return {
    'removed member': { credentials: credentials, grants: [] },
    'key of a removed member': { credentials: key },
  }
}

async function keysOf(
  make: Maker,
  tenant: Tenant,
  people: Readonly<Record<string, GridCaller>>,
): Promise<Record<string, GridCaller>> {
  const { orgId, teamId, userId: by } = tenant
  const keys: Record<string, GridCaller> = {}
  for (const scope of KEY_SCOPES) {
    const scopes = [scope]
    keys[`key with ${scope}`] = {
      credentials: await make.key({ by, orgId, scopes }),
      grants: ownerOf(tenant),
      scopes,
    }
  }
  const all = { scopes: KEY_SCOPES }
  keys['key of an owner for one team'] = {
    credentials: await make.key({ by, orgId, teamId, ...all }),
    grants: [{ role: 'team_admin', orgId, teamId }],
    ...all,
  }
  for (const name of ['viewer', 'developer', 'org_member'] as const) {
    const { userId, grants = [] } = people[name] as GridCaller & { userId: UserId }
    keys[`key of a ${name}`] = {
      credentials: await make.key({ by: userId, orgId, ...all }),
      grants,
      ...all,
    }
  }
  const past = new Date(Date.UTC(2026, 0, 1))
  keys['expired key'] = { credentials: await make.key({ by, orgId, ...all, expiresAt: past }) }
  keys['revoked key'] = { credentials: await make.key({ by, orgId, ...all, revokedAt: past }) }
  keys['unknown key'] = { credentials: { kind: 'api_key', key: `shp_${randomBase32(32)}` } }
  return keys
}

/** What the table says of a call; `allowed`: the call is looked at. */
export function expectedOf(
  { grants, scopes }: GridCaller,
  action: Action,
  place: GridPlace,
): 'allowed' | 'UNAUTHENTICATED' | 'NOT_FOUND' | 'FORBIDDEN' | 'KEY_SCOPE_MISSING' | 'ORG_SUSPENDED' {
  if (!grants) return 'UNAUTHENTICATED'
  const { scope } = POLICY[action]
  const { orgId, teamId } = place
  const verdict = judge(
    grants,
    action,
    scope === 'org' ? { orgId } : scope === 'team' ? { orgId, teamId } : {},
  )
  if (verdict === 'hidden') return 'NOT_FOUND'
  if (verdict === 'refused') return 'FORBIDDEN'
  if (scopes && !isInKeyScopes(scopes, action)) return 'KEY_SCOPE_MISSING'
  if (place.isSuspended && !isAllowedWhenSuspended(action)) return 'ORG_SUSPENDED'
  return 'allowed'
}

/** A request of this caller. */
export function contextFor({ deps }: World, { credentials }: GridCaller): Context {
  const given = { deps, requestId: 'req_grid', renewSession: async () => undefined }
  return contextOf(given, async (scopeId) =>
    credentials ? findCaller(deps, credentials, scopeId) : undefined,
  )
}
