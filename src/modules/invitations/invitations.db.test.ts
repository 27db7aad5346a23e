import { expect, it } from 'vitest'

import { checkCounters } from '../../../prisma/sql/check-counters.generated.ts'
import { checkPeople } from '../../../prisma/sql/check-people.generated.ts'
import type { UserId } from '../../contract/ids.ts'
import { aMember, aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { anInvitation } from '../../testing/invitations.ts'
import { useWorld } from '../../testing/world.ts'

const world = useWorld()

const sendAll = async (): Promise<void> => {
  const { deliverEffects } = await import('../outbox/deliver-effects.ts')
  const { deliveriesOf } = await import('../../workers/deliveries.ts')
  const given = { worker: 'test', signal: AbortSignal.timeout(30_000), onFailure: () => undefined }
  await deliverEffects(world, deliveriesOf(world.deps), given)
}

/** What stands in the link of the newest letter to an address. */
const tokenFor = (email: string): string => {
  const letter = world.mail.letters.findLast(({ to }) => to === email)
  return /\/invite\?token=([a-z2-7]+)/.exec(letter?.text ?? '')?.[1] ?? ''
}

const emailOf = async (id: UserId): Promise<string> =>
  (await world.db.prisma.user.findUniqueOrThrow({ where: { id } })).email

it('invites by a letter that has the link, whose secret is nowhere else', async () => {
  const { userId, orgId, teamId } = await aTenant(world.db, { name: 'Ada' })
  const guest = await aTenant(world.db, { name: 'Grace' })
  const email = guest.email
  const { link } = await (
    await world.as(userId)
  ).invitations.create({ teamId, email: ` ${email.toUpperCase()} `, role: 'developer' })
  expect(link).toBeNull()
  await sendAll()
  const letter = world.mail.letters.find(({ to }) => to === email)
  const token = tokenFor(email)
  expect(token).toMatch(/^[a-z2-7]{40}$/)
  expect(letter?.subject).toBe('Ada invites you to Ada and friends')
  expect(letter?.html).toContain(`href="https://shipyard.example.com/invite?token=${token}"`)
  const [invitation, outbox] = await Promise.all([
    world.db.prisma.invitation.findMany(),
    world.db.prisma.outbox.findMany(),
  ])
  expect(JSON.stringify([invitation, outbox])).not.toContain(token)

  const api = await world.as(guest.userId)
  expect(await api.invitations.preview({ token })).toMatchObject({
    ...{ orgId, teamId, email, orgName: 'Ada and friends', teamName: 'Default' },
    ...{ role: 'developer', orgRole: 'org_member', invitedByName: 'Ada', isAccepted: false },
  })
  expect(await api.invitations.accept({ token })).toEqual({ orgId, teamId })
  const me = await (await world.as(guest.userId)).auth.me()
  expect(me.orgs).toContainEqual(expect.objectContaining({ id: orgId, role: 'org_member' }))
  expect(me.teams).toContainEqual(expect.objectContaining({ id: teamId, role: 'developer' }))
  expect(await world.db.all(checkCounters, {})).toEqual([])
  expect(await world.db.all(checkPeople, {})).toEqual([])
})

it('may be accepted again by the same person, and by nobody else', async () => {
  const tenant = await aTenant(world.db)
  const guest = await aTenant(world.db)
  const other = await aTenant(world.db)
  const { token } = await anInvitation(world, tenant, { email: guest.email })
  const stranger = await world.as(other.userId)
  await expect(stranger.invitations.preview({ token })).rejects.toMatchObject({
    cause: { code: 'INVITATION_FOR_ANOTHER', params: { email: guest.email } },
  })
  expect(await codeOf(stranger.invitations.accept({ token }))).toBe('INVITATION_FOR_ANOTHER')
  const api = await world.as(guest.userId)
  const { orgId, teamId } = tenant
  expect(await api.invitations.accept({ token })).toEqual({ orgId, teamId })
  expect(await api.invitations.accept({ token })).toEqual({ orgId, teamId })
  expect(await api.invitations.preview({ token })).toMatchObject({ isAccepted: true })
  expect(await codeOf(stranger.invitations.accept({ token }))).toBe('INVITATION_USED')
  expect(await world.db.prisma.auditEvent.count({ where: { orgId, action: 'invitation:accept' } })).toBe(1)
})

it('says of each link that does not work why', async () => {
  const tenant = await aTenant(world.db)
  const { orgId, teamId } = tenant
  const guest = await aTenant(world.db)
  const email = guest.email
  const owner = await world.as(tenant.userId)
  const api = await world.as(guest.userId)
  const codes = async (token: string) => [
    await codeOf(api.invitations.preview({ token })),
    await codeOf(api.invitations.accept({ token })),
  ]
  const twice = (code: string): string[] => [code, code]

  const late = await anInvitation(world, tenant, { email, expiresAt: new Date(world.deps.clock.nowMs() - 1) })
  expect(await codes(late.token)).toEqual(twice('INVITATION_EXPIRED'))
  // One that has run out is in nobody's way.
  const { id } = await owner.invitations.create({ teamId, email, role: 'viewer' })
  expect(await codes(late.token)).toEqual(twice('INVITATION_REVOKED'))
  await sendAll()
  const first = tokenFor(email)
  await owner.invitations.resend({ teamId, invitationId: id })
  // Until the new letter is sent the old link works.
  expect(await codeOf(api.invitations.preview({ token: first }))).toBe('none')
  await sendAll()
  const second = tokenFor(email)
  expect(second).not.toBe(first)
  expect(await codes(first)).toEqual(twice('INVITATION_REPLACED'))
  await owner.invitations.revoke({ teamId, invitationId: id })
  expect(await codes(second)).toEqual(twice('INVITATION_REVOKED'))
  expect(await codeOf(owner.invitations.revoke({ teamId, invitationId: id }))).toBe('NOT_FOUND')
  expect(await codeOf(owner.invitations.resend({ teamId, invitationId: id }))).toBe('NOT_FOUND')
  for (const mangled of [second.slice(1), `${second}a`, second.toUpperCase(), '', 'аbc', "' OR 1=1", '%00']) {
    expect(await codes(mangled)).toEqual(twice('INVITATION_UNKNOWN'))
  }
  expect(await codes('x'.repeat(10_000))).toEqual(twice('INVALID_INPUT'))
  expect(await codes('a\0')).toEqual(twice('INVALID_INPUT'))
  expect(await world.db.prisma.orgMember.count({ where: { orgId } })).toBe(1)
})

it('invites nobody twice, and nobody who is in the team', async () => {
  const tenant = await aTenant(world.db)
  const { userId, orgId, teamId } = tenant
  const api = await world.as(userId)
  const member = await emailOf(await aMember(world.db, tenant, { team: 'viewer' }))
  expect(await codeOf(api.invitations.create({ teamId, email: member, role: 'developer' }))).toBe(
    'ALREADY_MEMBER',
  )
  const asked = { teamId, email: 'twice@example.com', role: 'viewer' } as const
  const codes = await Promise.all(
    Array.from({ length: 5 }, async () => codeOf(api.invitations.create(asked))),
  )
  expect(codes.toSorted()).toEqual([...Array<string>(4).fill('ALREADY_INVITED'), 'none'])
  // One letter for the one invitation.
  await sendAll()
  expect(world.mail.letters.filter(({ to }) => to === 'twice@example.com')).toHaveLength(1)
  // Who is in the organisation can be invited to another of its teams, and keeps the role in the organisation.
  const admin = await aMember(world.db, tenant, { org: 'org_admin' })
  await api.invitations.create({ teamId, email: await emailOf(admin), role: 'developer' })
  await sendAll()
  await (await world.as(admin)).invitations.accept({ token: tokenFor(await emailOf(admin)) })
  const listed = await (await world.as(userId)).members.list({ orgId })
  expect(listed.find((each) => each.userId === admin)).toMatchObject({
    role: 'org_admin',
    teams: [{ id: teamId, role: 'developer' }],
  })
  expect(await world.db.all(checkCounters, {})).toEqual([])
})

it.each(['', 'nobody', 'a@b', 'аda@example.com', 'ada@exämple.com', `${'x'.repeat(10_000)}@example.com`])(
  'refuses the address %s, with a sentence',
  async (email) => {
    const { userId, teamId } = await aTenant(world.db)
    const api = await world.as(userId)
    await expect(api.invitations.create({ teamId, email, role: 'viewer' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('An address is written like somebody@example.com'),
    })
  },
)

it('lets the administrator of a team invite to it, and to no role in the organisation', async () => {
  const tenant = await aTenant(world.db)
  const { orgId, teamId, userId } = tenant
  const lead = await world.as(await aMember(world.db, tenant, { team: 'team_admin' }))
  const developer = await world.as(await aMember(world.db, tenant, { team: 'developer' }))
  const asked = { teamId, role: 'viewer' } as const
  await lead.invitations.create({ ...asked, email: 'one@example.com' })
  expect(
    await codeOf(lead.invitations.create({ ...asked, email: 'two@example.com', orgRole: 'org_admin' })),
  ).toBe('FORBIDDEN')
  expect(await codeOf(developer.invitations.create({ ...asked, email: 'three@example.com' }))).toBe(
    'FORBIDDEN',
  )
  const owner = await world.as(userId)
  await owner.invitations.create({ ...asked, email: 'two@example.com', orgRole: 'org_admin' })
  const seen = async (api: typeof lead) =>
    (await api.invitations.list({ orgId })).map(({ email }) => email).toSorted()
  expect(await seen(lead)).toEqual(['one@example.com', 'two@example.com'])
  expect(await seen(owner)).toEqual(['one@example.com', 'two@example.com'])
  expect(await seen(developer)).toEqual([])
})

it('waits for a mail server that is away, delays nobody, and tells the list how the letter fares', async () => {
  const { userId, orgId, teamId } = await aTenant(world.db)
  const guest = await aTenant(world.db)
  const api = await world.as(userId)
  const asked = { teamId, role: 'viewer' } as const
  world.mail.isAway = true
  await api.invitations.create({ ...asked, email: guest.email })
  const mails = async () =>
    (await api.invitations.list({ orgId })).map(({ mail, mailProblem }) => [mail, mailProblem])
  expect(await mails()).toEqual([['waiting', null]])
  await sendAll()
  expect(await mails()).toEqual([['failed', expect.stringMatching(/mail server/)]])
  world.mail.isAway = false
  await world.db.prisma.outbox.updateMany({ data: { sendAfter: new Date(0) } })
  await sendAll()
  expect(await mails()).toEqual([['sent', null]])
  expect(
    await codeOf((await world.as(guest.userId)).invitations.accept({ token: tokenFor(guest.email) })),
  ).toBe('none')
})

it('sends no letter for what was taken back meanwhile', async () => {
  const { userId, teamId } = await aTenant(world.db)
  const api = await world.as(userId)
  const { id } = await api.invitations.create({ teamId, email: 'back@example.com', role: 'viewer' })
  await api.invitations.revoke({ teamId, invitationId: id })
  await sendAll()
  expect(world.mail.letters.filter(({ to }) => to === 'back@example.com')).toEqual([])
  expect(await world.db.prisma.outbox.count({ where: { doneAt: null } })).toBe(0)
})

it('keeps teams apart: an invitation is changed by those of its own team', async () => {
  const tenant = await aTenant(world.db)
  const stranger = await aTenant(world.db)
  const { id } = await anInvitation(world, tenant)
  const api = await world.as(stranger.userId)
  const own = { teamId: stranger.teamId, invitationId: id }
  expect(await codeOf(api.invitations.revoke(own))).toBe('NOT_FOUND')
  expect(await codeOf(api.invitations.resend(own))).toBe('NOT_FOUND')
  expect(await codeOf(api.invitations.revoke({ ...own, teamId: tenant.teamId }))).toBe('NOT_FOUND')
  expect((await world.db.prisma.invitation.findUniqueOrThrow({ where: { id } })).revokedAt).toBeNull()
})
