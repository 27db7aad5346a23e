/** Every procedure, called by everybody: what the table of rights says is what happens, with any input. */
import { TRPCError } from '@trpc/server'
import { beforeAll, describe, expect, it } from 'vitest'

import type { UserId } from '../contract/ids.ts'
import { judge, POLICY, type Grant } from '../contract/policy.ts'
import { aDeployment, aMember, aTenant, type Tenant } from '../testing/builders.ts'
import { declaredProcedures as procedures } from '../testing/procedures.ts'
import { useWorld } from '../testing/world.ts'
import { publicErrorOf } from './error-format.ts'

const world = useWorld()

const placed = procedures.filter(([, { meta }]) => meta.can !== 'anyone' && POLICY[meta.can].scope !== 'self')

interface People {
  tenant: Tenant
  ids: Record<string, string>
  callers: Record<string, { userId: UserId | undefined; grants: Grant[] }>
}
let people: People

beforeAll(async () => {
  const { db } = world
  const tenant = await aTenant(db)
  const stranger = await aTenant(db, { name: 'Eve' })
  const { deploymentId } = await aDeployment(db, tenant)
  const administrator = await aTenant(db, { name: 'Root' })
  await db.prisma.user.update({ where: { id: administrator.userId }, data: { platformAdmin: true } })
  const { orgId, teamId } = tenant
  const member = async (team?: 'team_admin' | 'developer' | 'viewer', org?: 'org_admin') =>
    aMember(db, tenant, { ...(team ? { team } : {}), ...(org ? { org } : {}) })
  const inOrg = (role: 'org_owner' | 'org_admin' | 'org_member'): Grant => ({ role, orgId })
  const inTeam = (role: 'team_admin' | 'developer' | 'viewer'): Grant[] => [
    inOrg('org_member'),
    { role, orgId, teamId },
  ]
  people = {
    tenant,
    ids: { orgId, teamId, id: deploymentId },
    callers: {
      stranger: { userId: stranger.userId, grants: [] },
      org_member: { userId: await member(), grants: [inOrg('org_member')] },
      viewer: { userId: await member('viewer'), grants: inTeam('viewer') },
      developer: { userId: await member('developer'), grants: inTeam('developer') },
      team_admin: { userId: await member('team_admin'), grants: inTeam('team_admin') },
      org_admin: { userId: await member(undefined, 'org_admin'), grants: [inOrg('org_admin')] },
      org_owner: { userId: tenant.userId, grants: [inOrg('org_owner')] },
      platform_admin: { userId: administrator.userId, grants: [{ role: 'platform_admin' }] },
    },
  }
})

/** The code that a call ends with; `none` when it succeeds. */
async function codeOf(path: string, input: object, userId?: UserId): Promise<string> {
  const api = await world.as(userId)
  const call = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], api)
  const error: unknown = await (call as (input: object) => Promise<unknown>)(input).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof TRPCError ? publicErrorOf(error, { requestId: '' }).code : 'none'
}

/** The place as the procedure names it, and something that no procedure takes. */
function badInput([, { inputs }]: (typeof placed)[number], ids: Record<string, string>): object {
  const [key = ''] = Object.keys(inputs[0]?.shape ?? {})
  return { [key]: ids[key], somethingUnknown: true }
}

const VERDICTS = { allowed: 'INVALID_INPUT', refused: 'FORBIDDEN', hidden: 'NOT_FOUND' } as const

describe.each([
  'stranger',
  'org_member',
  'viewer',
  'developer',
  'team_admin',
  'org_admin',
  'org_owner',
  'platform_admin',
])('to %s', (name) => {
  it.each(placed)('%s answers as the table says', async (...procedure) => {
    const caller = people.callers[name]
    const { orgId, teamId } = people.tenant
    const { can } = procedure[1].meta
    if (!caller || can === 'anyone') throw new Error('The test is wrong.')
    const verdict = judge(caller.grants, can, POLICY[can].scope === 'org' ? { orgId } : { orgId, teamId })
    const code = await codeOf(procedure[0], badInput(procedure, people.ids), caller.userId)
    expect(code).toBe(VERDICTS[verdict])
  })
})

it.each(procedures)('%s is for who is signed in', async (...procedure) => {
  expect(await codeOf(procedure[0], badInput(procedure, people.ids))).toBe('UNAUTHENTICATED')
})

it.each(placed)('%s answers for what is not there as for what is hidden', async (...procedure) => {
  const absent = Object.fromEntries(
    Object.entries(people.ids).map(([key, id]) => [key, `${id.slice(0, -3)}aaa`]),
  )
  const { userId } = people.tenant
  expect(await codeOf(procedure[0], badInput(procedure, absent), userId)).toBe('NOT_FOUND')
})

describe('in a suspended organisation', () => {
  beforeAll(async () => {
    await world.db.prisma.organization.update({
      where: { id: people.tenant.orgId },
      data: { suspendedAt: new Date() },
    })
    return async () =>
      world.db.prisma.organization.update({ where: { id: people.tenant.orgId }, data: { suspendedAt: null } })
  })

  const inTenant = placed.filter(
    ([, { meta }]) => meta.can !== 'anyone' && POLICY[meta.can].scope !== 'platform',
  )

  it.each(inTenant)('%s only reads, pays and deletes', async (...procedure) => {
    const { can } = procedure[1].meta
    const code = await codeOf(procedure[0], badInput(procedure, people.ids), people.tenant.userId)
    expect(code).toBe(can !== 'anyone' && POLICY[can].effect === 'write' ? 'ORG_SUSPENDED' : 'INVALID_INPUT')
  })
})
