import { expect, it } from 'vitest'

import { newId, randomBase32 } from '../../src/contract/ids.ts'
import { repeatOn } from '../../src/ports/db/repeat-on.ts'
import { aMember, aSession, aTeam, aTenant, signInParams } from '../../src/testing/builders.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { checkCounters } from './check-counters.generated.ts'
import { createSession } from './create-session.generated.ts'
import { deleteExpiredSessions } from './delete-expired-sessions.generated.ts'
import { signIn } from './sign-in.generated.ts'
import { touchSession } from './touch-session.generated.ts'

const test = useTestDb()

it('makes user, organisation, default team, owner grants and an audit row of a first sign-in, in one statement', async () => {
  const params = signInParams({ email: `${randomBase32(8)}@Example.COM` })
  const sent = await test.statementsOf(async () => {
    expect(await test.db.one(signIn, params)).toEqual({ userId: params.userId, isNew: true })
  })
  expect(sent).toHaveLength(1)
  const { prisma } = test.db
  expect(await prisma.user.findUnique({ where: { id: params.userId } })).toMatchObject({
    email: params.email.toLowerCase(),
    platformAdmin: false,
  })
  expect(
    await prisma.organization.findUnique({
      where: { id: params.orgId },
      include: { members: true, teams: { include: { members: true } } },
    }),
  ).toMatchObject({
    planId: 'free',
    membersUsed: 1,
    teamsUsed: 1,
    members: [{ userId: params.userId, role: 'org_owner' }],
    teams: [{ id: params.teamId, isDefault: true, members: [{ userId: params.userId, role: 'team_admin' }] }],
  })
  expect(await prisma.auditEvent.findMany({ where: { targetId: params.orgId } })).toMatchObject([
    { action: 'org:create', actorId: params.userId },
  ])
})

it('makes one user, one organisation and one team of 20 first sign-ins at the same time', async () => {
  const { subject } = signInParams()
  const second = test.connectAgain()
  const results = await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const params = { ...signInParams({ subject }), orgSlug: `org-${randomBase32(8)}` }
      return (at % 2 ? test.db : second).one(signIn, params)
    }),
  )
  expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
  const userIds = new Set(results.map(({ userId }) => userId))
  expect(userIds.size).toBe(1)
  const [userId] = userIds
  expect(await test.db.prisma.orgMember.count({ where: { userId } })).toBe(1)
  expect(await test.db.prisma.teamMember.count({ where: { userId } })).toBe(1)
  expect(await test.db.prisma.user.count({ where: { email: `${subject}@example.com` } })).toBe(1)
  expect(await test.db.all(checkCounters, {})).toEqual([])
})

it('takes over name and picture later, and makes nothing more', async () => {
  const first = signInParams()
  await test.db.one(signIn, first)
  const later = signInParams({
    subject: first.subject,
    name: 'Ada Lovelace',
    avatarUrl: 'https://example.com/a.png',
  })
  expect(await test.db.one(signIn, later)).toEqual({ userId: first.userId, isNew: false })
  expect(
    await test.db.prisma.user.findUnique({ where: { id: first.userId }, include: { orgMembers: true } }),
  ).toMatchObject({
    name: 'Ada Lovelace',
    avatarUrl: 'https://example.com/a.png',
    orgMembers: [{ orgId: first.orgId }],
  })
})

it.each(['google', 'another-issuer'])(
  'never gives an account to another identity of %s with its address',
  async (provider) => {
    const first = signInParams()
    await test.db.one(signIn, first)
    await expect(test.db.one(signIn, signInParams({ provider, email: first.email }))).rejects.toMatchObject({
      constraint: 'oauth_accounts_user_id_fkey',
    })
    expect(await test.db.prisma.oAuthAccount.count({ where: { userId: first.userId } })).toBe(1)
  },
)

it('makes one user when an identity signs in twice at first, with two addresses at the same time', async () => {
  for (let round = 0; round < 5; round++) {
    const subject = randomBase32(12)
    const before = await test.db.prisma.user.count()
    const results = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (each) => {
        const params = signInParams({
          subject,
          email: `${each}-${subject}@example.com`,
          orgSlug: `${each}-${subject}`,
        })
        return repeatOn(['oauth_accounts_user_id_not_null'], async () => test.db.one(signIn, params))
      }),
    )
    expect(new Set(results.map(({ userId }) => userId)).size).toBe(1)
    expect((await test.db.prisma.user.count()) - before).toBe(1)
  }
})

it('says which rule refuses a slug that is taken, and makes nothing', async () => {
  const first = signInParams()
  await test.db.one(signIn, first)
  const other = signInParams({ orgSlug: first.orgSlug })
  await expect(test.db.one(signIn, other)).rejects.toMatchObject({ constraint: 'organizations_slug_key' })
  expect(await test.db.prisma.user.findUnique({ where: { id: other.userId } })).toBeNull()
})

it('begins a session in the first team, and later in the one that was current, while one is its member', async () => {
  const tenant = await aTenant(test.db)
  const teamOf = async (sessionId: string): Promise<string | null> =>
    (await test.db.prisma.session.findUniqueOrThrow({ where: { id: sessionId } })).currentTeamId
  const first = await aSession(test.db, tenant.userId)
  expect(await teamOf(first.sessionId)).toBe(tenant.teamId)

  const other = await aTeam(test.db, tenant.orgId)
  const member = { teamId: other, userId: tenant.userId }
  await test.db.prisma.teamMember.create({ data: { ...member, orgId: tenant.orgId, role: 'viewer' } })
  await test.db.prisma.session.update({ where: { id: first.sessionId }, data: { currentTeamId: other } })
  const second = await aSession(test.db, tenant.userId, new Date(Date.UTC(2026, 0, 2)))
  expect(await teamOf(second.sessionId)).toBe(other)

  await test.db.prisma.teamMember.delete({ where: { teamId_userId: member } })
  const third = await aSession(test.db, tenant.userId, new Date(Date.UTC(2026, 0, 3)))
  expect(await teamOf(third.sessionId)).toBe(tenant.teamId)
})

it('moves the idle expiry of a session up to the absolute one, and deletes what has expired', async () => {
  const userId = await aMember(test.db, await aTenant(test.db))
  const at = (minutes: number): Date => new Date(Date.UTC(2026, 5, 1, 0, minutes))
  const sessionId = newId('ses')
  await test.db.one(createSession, {
    sessionId,
    tokenHash: '0'.repeat(64),
    userId,
    ip: '192.0.2.1',
    userAgent: 'a browser',
    now: at(0),
    idleExpiresAt: at(10),
    absoluteExpiresAt: at(30),
  })
  const touch = async (now: Date, idleExpiresAt: Date): Promise<unknown> =>
    test.db.first(touchSession, { sessionId, now, idleExpiresAt })
  expect(await touch(at(5), at(15))).toEqual({ sessionId, idleExpiresAt: at(15) })
  expect(await touch(at(25), at(35))).toEqual({ sessionId, idleExpiresAt: at(30) })
  const expire = async (now: Date): Promise<unknown[]> =>
    test.db.all(deleteExpiredSessions, { now, limit: 100 })
  expect(await expire(at(29))).not.toContainEqual({ sessionId })
  expect(await expire(at(30))).toContainEqual({ sessionId })
  expect(await touch(at(31), at(41))).toBeUndefined()
})
