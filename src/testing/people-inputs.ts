/**
 * Good inputs of the procedures about people (see procedure-inputs.ts). Where a call would take away what other calls
 * need, it is about an organisation of its own.
 */
import type { OrgId, UserId } from '../contract/ids.ts'
import { slugFor } from '../contract/people-names.ts'
import { aMember, aTeam, aTenant } from './builders.ts'
import { anInvitation } from './invitations.ts'
import type { Input, Place } from './place.ts'

/** Another organisation of the caller. */
async function ownOrg({ world, userId }: Place): Promise<OrgId> {
  return (await (await world.as(userId)).orgs.create({ name: 'Another' })).id
}

/** One of somebody else, in which the caller is a member. */
async function joinedOrg({ world: { db }, userId }: Place): Promise<OrgId> {
  const { orgId } = await aTenant(db)
  await db.prisma.orgMember.create({ data: { orgId, userId, role: 'org_member' } })
  await db.prisma.organization.update({ where: { id: orgId }, data: { membersUsed: { increment: 1 } } })
  return orgId
}

const member = async (place: Place, team?: 'developer'): Promise<UserId> =>
  aMember(place.world.db, place, team ? { team } : {})

const org: Input = ({ orgId }) => ({ orgId })
const team: Input = ({ teamId }) => ({ teamId })
const openLink: Input = async ({ world, userId }) => {
  const { email } = await world.db.prisma.user.findUniqueOrThrow({ where: { id: userId } })
  const { token } = await anInvitation(world, await aTenant(world.db), { email })
  return { token }
}
const invitation: Input = async (place) => {
  const { id } = await anInvitation(place.world, place)
  return { teamId: place.teamId, invitationId: id }
}
const handing: Input = async (place) => {
  const userId = await member(place, 'developer')
  const { world, orgId, id } = place
  await world.db.prisma.deployment.update({ where: { id }, data: { keeperId: userId } })
  return { orgId, userId, moveTo: place.userId }
}

export const PEOPLE_INPUTS: Readonly<Record<string, Input>> = {
  'orgs.create': () => ({ name: 'Another', slug: slugFor('another') }),
  'orgs.rename': ({ orgId }) => ({ orgId, name: 'Renamed' }),
  'orgs.changeSlug': ({ orgId }) => ({ orgId, slug: slugFor('another') }),
  'orgs.transfer': async (place) => {
    const orgId = await ownOrg(place)
    return { orgId, userId: await aMember(place.world.db, { orgId, teamId: place.teamId }) }
  },
  'orgs.leave': async (place) => ({ orgId: await joinedOrg(place) }),
  'orgs.delete': async (place) => ({ orgId: await ownOrg(place) }),
  'orgs.listAll': () => ({ search: 'a', which: 'suspended' }),
  'orgs.suspend': async (place) => ({ orgId: await ownOrg(place), reason: 'It has not paid.' }),
  'orgs.resume': async (place) => ({ orgId: await ownOrg(place) }),
  'members.list': org,
  'members.changeRole': async (place) => ({
    orgId: place.orgId,
    userId: await member(place),
    role: 'org_admin',
  }),
  'members.handOver': handing,
  'members.remove': handing,
  'deployments.transfer': async (place) => ({ id: place.id, userId: await member(place) }),
  'teams.create': ({ orgId, id }) => ({ orgId, name: `For ${id}` }),
  'teams.rename': ({ teamId, id }) => ({ teamId, name: `Of ${id}` }),
  'teams.delete': async ({ world, orgId }) => ({ teamId: await aTeam(world.db, orgId) }),
  'teams.members.list': team,
  'teams.members.add': async (place) => ({
    teamId: place.teamId,
    userId: await member(place),
    role: 'viewer',
  }),
  'teams.members.changeRole': async (place) => ({
    teamId: place.teamId,
    userId: await member(place, 'developer'),
    role: 'viewer',
  }),
  'teams.members.remove': async (place) => ({
    teamId: place.teamId,
    userId: await member(place, 'developer'),
  }),
  'invitations.list': org,
  'invitations.create': ({ teamId, id }) => ({
    teamId,
    email: `${id}@example.com`,
    role: 'developer',
    orgRole: 'org_admin',
    days: 7,
  }),
  'invitations.resend': invitation,
  'invitations.revoke': invitation,
  'invitations.preview': openLink,
  'invitations.accept': openLink,
}
