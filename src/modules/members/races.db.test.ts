/** Many at the same moment, on two servers: whatever comes of it, the invariants of check-people.sql hold. */
import { expect, it } from 'vitest'

import { checkCounters } from '../../../prisma/sql/check-counters.generated.ts'
import { checkPeople } from '../../../prisma/sql/check-people.generated.ts'
import { signIn } from '../../../prisma/sql/sign-in.generated.ts'
import { randomBase32, type OrgId, type UserId } from '../../contract/ids.ts'
import { aDeployment, aMember, aTeam, aTenant, signInParams, type Tenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { aForm } from '../../testing/deploy.ts'
import { meet, waiting } from '../../testing/meet.ts'
import { anInvitation } from '../../testing/invitations.ts'
import { useWorld, type Api } from '../../testing/world.ts'

const world = useWorld({ isBillingEnabled: true })
const MANY = 50

/** A request of this person that was let in: who calls has been found, and what they do comes later. */
async function letIn(userId: UserId, orgId: OrgId): Promise<Api> {
  const api = await world.as(userId)
  await api.orgs.get({ orgId })
  return api
}

const tally = (codes: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(codes)].toSorted().map((code) => [code, codes.filter((each) => each === code).length]),
  )

const members = async (tenant: Tenant, count: number): Promise<UserId[]> =>
  Promise.all(Array.from({ length: count }, async () => aMember(world.db, tenant, { team: 'developer' })))

it(`hands an organisation over once, of ${MANY} times at the same moment`, async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const heirs = await members(tenant, MANY)
  const apis = await Promise.all(heirs.map(async () => letIn(userId, orgId)))
  const watched: number[] = []
  const stop = new AbortController()
  const watching = (async () => {
    while (!stop.signal.aborted) {
      watched.push(await world.db.prisma.orgMember.count({ where: { orgId, role: 'org_owner' } }))
    }
  })()
  const codes = await Promise.all(
    apis.map(async (api, at) => codeOf(api.orgs.transfer({ orgId, userId: heirs[at] ?? userId }))),
  )
  stop.abort()
  await watching
  expect(tally(codes)).toEqual({ none: 1, CONFLICT: MANY - 1 })
  const owners = await world.db.prisma.orgMember.findMany({ where: { orgId, role: 'org_owner' } })
  expect(owners.map((each) => each.userId)).toEqual([heirs[codes.indexOf('none')]])
  // At every instant that anybody looked.
  expect(new Set(watched)).toEqual(new Set([1]))
})

it('keeps one owner while each heir hands on at once, and is removed at the same moment', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const admin = await aMember(world.db, tenant, { org: 'org_admin' })
  const heirs = await members(tenant, 10)
  const [transfers, removals] = await Promise.all([
    Promise.all(heirs.map(async () => letIn(userId, orgId))),
    Promise.all(heirs.map(async () => letIn(admin, orgId))),
  ])
  const codes = await Promise.all(
    heirs.flatMap((heir, at) => [
      codeOf(transfers[at]?.orgs.transfer({ orgId, userId: heir }) ?? Promise.reject(new Error('none'))),
      codeOf(removals[at]?.members.remove({ orgId, userId: heir }) ?? Promise.reject(new Error('none'))),
    ]),
  )
  for (const code of codes) expect(['none', 'CONFLICT', 'NOT_FOUND', 'OWNER_STAYS']).toContain(code)
})

it('gives the last place to one of many who accept, and to no other', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { membersLimit: 4 } })
  const guests = await Promise.all(Array.from({ length: 20 }, async () => aTenant(world.db)))
  const calls = await Promise.all(
    guests.map(async ({ userId, email }) => ({
      api: await world.as(userId),
      token: (await anInvitation(world, tenant, { email })).token,
    })),
  )
  const codes = await Promise.all(
    calls.map(async ({ api, token }) => codeOf(api.invitations.accept({ token }))),
  )
  expect(tally(codes)).toEqual({ none: 3, ORG_FULL: 17 })
  expect(await world.db.prisma.invitation.count({ where: { orgId, acceptedAt: { not: null } } })).toBe(3)
})

it('gives the last places for teams to as many as there are', async () => {
  const { userId, orgId } = await aTenant(world.db, { plan: 'business' })
  const apis = await Promise.all(Array.from({ length: MANY }, async () => letIn(userId, orgId)))
  const codes = await Promise.all(
    apis.map(async (api, at) => codeOf(api.teams.create({ orgId, name: `Team ${at}` }))),
  )
  expect(tally(codes)).toEqual({ none: 4, TIER_LIMIT_REACHED: MANY - 4 })
})

it('takes one place for one invitation that is accepted many times at the same moment', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  const guest = await aTenant(world.db)
  const { token } = await anInvitation(world, tenant, { email: guest.email })
  const apis = await Promise.all(Array.from({ length: 20 }, async () => world.as(guest.userId)))
  const codes = await Promise.all(apis.map(async (api) => codeOf(api.invitations.accept({ token }))))
  expect(tally(codes)).toEqual({ none: 20 })
  expect(await world.db.prisma.auditEvent.count({ where: { orgId, action: 'invitation:accept' } })).toBe(1)
})

it('lets in or keeps out who accepts while the invitation is taken back, and nothing between', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId, teamId } = tenant
  for (let turn = 0; turn < 15; turn++) {
    const guest = await aTenant(world.db)
    const { id, token } = await anInvitation(world, tenant, { email: guest.email })
    const [api, owner] = await Promise.all([world.as(guest.userId), letIn(userId, orgId)])
    const [accepted, revoked] = await Promise.all([
      codeOf(api.invitations.accept({ token })),
      codeOf(owner.invitations.revoke({ teamId, invitationId: id })),
    ])
    expect(['none/NOT_FOUND', 'INVITATION_REVOKED/none']).toContain(`${accepted}/${revoked}`)
    const isIn = await world.db.prisma.orgMember.count({ where: { orgId, userId: guest.userId } })
    expect(isIn).toBe(accepted === 'none' ? 1 : 0)
  }
})

it('removes a member who is invited anew, accepts and deploys at the same moment', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId, teamId } = tenant
  for (let turn = 0; turn < 15; turn++) {
    const leaver = await aMember(world.db, tenant, { team: 'developer' })
    const { email } = await world.db.prisma.user.findUniqueOrThrow({ where: { id: leaver } })
    const { token } = await anInvitation(world, tenant, { email })
    const [hers, owner, other] = await Promise.all([
      letIn(leaver, orgId),
      letIn(userId, orgId),
      letIn(userId, orgId),
    ])
    const form = await aForm(world, teamId)
    const codes = await Promise.all([
      codeOf(owner.members.remove({ orgId, userId: leaver })),
      codeOf(hers.deployments.create(form)),
      codeOf(hers.invitations.accept({ token })),
      codeOf(other.invitations.create({ teamId, email, role: 'viewer' })),
    ])
    for (const code of codes) expect(code).not.toBe('INTERNAL')
    const isIn = (await world.db.prisma.orgMember.count({ where: { orgId, userId: leaver } })) === 1
    const runs = (await world.db.prisma.deployment.count({ where: { id: form.id } })) === 1
    // Who made a deployment first stays until somebody takes it over.
    expect(isIn || !runs).toBe(true)
  }
}, 60_000)

it('deletes a team, or lets a deployment be made in it, whichever comes first', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const meeting = async (isMadeFirst: boolean): Promise<string[]> => {
    const teamId = await aTeam(world.db, orgId)
    const form = await aForm(world, teamId)
    const [maker, owner] = await Promise.all([letIn(userId, orgId), letIn(userId, orgId)])
    const make = async () => codeOf(maker.deployments.create(form))
    const remove = async () => codeOf(owner.teams.delete({ teamId }))
    return meet(world, orgId, isMadeFirst ? [make, remove] : [remove, make])
  }
  expect(await meeting(true)).toEqual(['none', 'STILL_IN_USE'])
  expect(await meeting(false)).toEqual(['none', 'NOT_FOUND'])
})

it('deletes an organisation, or lets a deployment be made in it, whichever comes first', async () => {
  const meeting = async (isMadeFirst: boolean): Promise<string[]> => {
    const { userId, orgId, teamId } = await aTenant(world.db)
    const form = await aForm(world, teamId)
    const [maker, owner] = await Promise.all([letIn(userId, orgId), letIn(userId, orgId)])
    const make = async () => codeOf(maker.deployments.create(form))
    const remove = async () => codeOf(owner.orgs.delete({ orgId }))
    return meet(world, orgId, isMadeFirst ? [make, remove] : [remove, make])
  }
  expect(await meeting(true)).toEqual(['none', 'STILL_IN_USE'])
  expect(await meeting(false)).toEqual(['none', 'NOT_FOUND'])
})

it('moves also the deployment that the leaver makes at the same moment', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId, teamId } = tenant
  const meeting = async (isMadeFirst: boolean): Promise<[string[], UserId]> => {
    const leaver = await aMember(world.db, tenant, { team: 'developer' })
    const form = await aForm(world, teamId)
    const [hers, owner] = await Promise.all([letIn(leaver, orgId), letIn(userId, orgId)])
    const make = async () => codeOf(hers.deployments.create(form))
    const remove = async () => codeOf(owner.members.remove({ orgId, userId: leaver, moveTo: userId }))
    return [await meet(world, orgId, isMadeFirst ? [make, remove] : [remove, make]), leaver]
  }
  const [madeFirst, leaver] = await meeting(true)
  expect(madeFirst).toEqual(['none', 'none'])
  expect(await world.db.prisma.deployment.findMany({ where: { ownerId: leaver } })).toMatchObject([
    { keeperId: userId },
  ])
  expect((await meeting(false))[0]).toEqual(['none', 'NOT_FOUND'])
})

it('moves nothing to who leaves at the same moment', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const meeting = async (isLeavingFirst: boolean): Promise<string[]> => {
    const leaver = await aMember(world.db, tenant)
    const heir = await aMember(world.db, tenant)
    await aDeployment(world.db, tenant, { ownerId: leaver })
    const [owner, other] = await Promise.all([letIn(userId, orgId), letIn(heir, orgId)])
    const remove = async () => codeOf(owner.members.remove({ orgId, userId: leaver, moveTo: heir }))
    const leave = async () => codeOf(other.orgs.leave({ orgId }))
    return meet(world, orgId, isLeavingFirst ? [leave, remove] : [remove, leave])
  }
  expect(await meeting(true)).toEqual(['none', 'NOT_FOUND'])
  expect(await meeting(false)).toEqual(['none', 'NEW_OWNER_NEEDED'])
})

it('makes one person of many first sign-ins under one address, of whom one identity has it', async () => {
  const email = `${randomBase32(8)}@example.com`
  const subjects = ['one', 'two', 'three'].map((word) => `${word}-${randomBase32(6)}`)
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, async (_, at) =>
      world.db.one(signIn, {
        ...signInParams({ subject: subjects[at % 3] ?? '', email }),
        orgSlug: `org-${randomBase32(8)}`,
      }),
    ),
  )
  const ids = new Set(results.flatMap((each) => (each.status === 'fulfilled' ? [each.value.userId] : [])))
  expect(ids.size).toBe(1)
  expect(await world.db.prisma.user.count({ where: { email } })).toBe(1)
  expect(await world.db.prisma.orgMember.count({ where: { userId: [...ids][0] ?? '' } })).toBe(1)
})

it('hands nothing over to who has just left', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId } = tenant
  const heir = await aMember(world.db, tenant)
  await aDeployment(world.db, tenant)
  const owner = await letIn(userId, orgId)
  const where = { orgId_userId: { orgId, userId: heir } }
  const code = await world.db.withTx(async ({ prisma }) => {
    await prisma.orgMember.delete({ where })
    await prisma.organization.update({ where: { id: orgId }, data: { membersUsed: { decrement: 1 } } })
    const handing = codeOf(owner.members.handOver({ orgId, userId, moveTo: heir }))
    // It waits for the row that is being deleted.
    await expect.poll(async () => waiting(world), { timeout: 20_000 }).toBe(1)
    return { handing }
  })
  expect(await code.handing).toBe('NOT_FOUND')
})

it('leaves nothing behind that the invariants do not allow', async () => {
  expect(await world.db.all(checkPeople, {})).toEqual([])
  expect(await world.db.all(checkCounters, {})).toEqual([])
})
