/** Where no mail server is configured, and where places are counted. */
import { expect, it } from 'vitest'

import { aTenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { anInvitation } from '../../testing/invitations.ts'
import { useWorld } from '../../testing/world.ts'

const world = useWorld({ isMailless: true, isBillingEnabled: true })

it('gives the link once to whoever invites, and a new one when asked again', async () => {
  const { userId, orgId, teamId } = await aTenant(world.db)
  const guest = await aTenant(world.db)
  const api = await world.as(userId)
  const first = await api.invitations.create({ teamId, email: guest.email, role: 'viewer' })
  expect(first.link).toMatch(/^https:\/\/shipyard\.example\.com\/invite\?token=[a-z2-7]{40}$/)
  expect(await api.invitations.list({ orgId })).toMatchObject([{ mail: 'none', state: 'open' }])
  const second = await api.invitations.resend({ teamId, invitationId: first.id })
  const tokenOf = (link: string | null): string => new URL(link ?? '').searchParams.get('token') ?? ''
  const hers = await world.as(guest.userId)
  expect(await codeOf(hers.invitations.preview({ token: tokenOf(first.link) }))).toBe('INVITATION_REPLACED')
  expect(await codeOf(hers.invitations.accept({ token: tokenOf(second.link) }))).toBe('none')
  expect(await world.db.prisma.outbox.count()).toBe(0)
})

it('invites nobody where no place is left, and lets nobody in who was invited before', async () => {
  const tenant = await aTenant(world.db, { plan: 'free' })
  const guest = await aTenant(world.db)
  const { token } = await anInvitation(world, tenant, { email: guest.email })
  const api = await world.as(tenant.userId)
  await expect(
    api.invitations.create({ teamId: tenant.teamId, email: 'more@example.com', role: 'viewer' }),
  ).rejects.toMatchObject({
    cause: { code: 'TIER_LIMIT_REACHED', params: { what: 'member', used: 1, limit: 1 } },
  })
  const hers = await world.as(guest.userId)
  expect(await codeOf(hers.invitations.accept({ token }))).toBe('ORG_FULL')
  await world.db.prisma.organization.update({ where: { id: tenant.orgId }, data: { membersLimit: 2 } })
  expect(await codeOf(hers.invitations.accept({ token }))).toBe('none')
})

it('lets nobody into an organisation that is suspended', async () => {
  const tenant = await aTenant(world.db)
  const guest = await aTenant(world.db)
  const { token } = await anInvitation(world, tenant, { email: guest.email })
  await world.db.prisma.organization.update({
    where: { id: tenant.orgId },
    data: { suspendedAt: new Date() },
  })
  expect(await codeOf((await world.as(guest.userId)).invitations.accept({ token }))).toBe('ORG_SUSPENDED')
})
