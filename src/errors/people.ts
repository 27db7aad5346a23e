/** Errors about organisations, members and invitations: parts of the catalogue, by status. */
import { entry, plain } from './entry.ts'

export const PEOPLE_FORBIDDEN = {
  ORG_FULL: plain(
    'FORBIDDEN',
    'All places in this organisation are taken. Ask whoever invited you to make room, then open the link again.',
  ),
  INVITATION_FOR_ANOTHER: entry<{ email: string }>(
    'FORBIDDEN',
    ({ email }) =>
      `This invitation is for ${email}, and you are signed in with another address. Sign in as ${email} to accept it.`,
  ),
} as const

export const PEOPLE_NOT_FOUND = {
  INVITATION_UNKNOWN: plain(
    'NOT_FOUND',
    'This link leads to no invitation: it is incomplete, or the invitation is gone. Ask for a new one.',
  ),
} as const

export const PEOPLE_CONFLICT = {
  SLUG_TAKEN: entry<{ slug: string }>(
    'CONFLICT',
    ({ slug }) => `Another organisation has the slug ${slug}. Choose another one.`,
  ),
  OWNER_STAYS: plain(
    'CONFLICT',
    'The owner of an organisation cannot leave it, be removed or get another role. Hand over the ownership first.',
  ),
  NEW_OWNER_NEEDED: entry<{ deployments: string }>(
    'CONFLICT',
    ({ deployments }) =>
      `Before this member goes, another one has to take over ${deployments}. An administrator of the organisation can do that.`,
  ),
  STILL_IN_USE: entry<{ what: string; deployments: string }>(
    'CONFLICT',
    ({ what, deployments }) =>
      `This ${what} still has ${deployments}. Delete that first, and wait until it is gone.`,
  ),
  DEFAULT_TEAM_STAYS: plain(
    'CONFLICT',
    'The team that was made with the organisation cannot be deleted. Rename it instead.',
  ),
  ALREADY_MEMBER: entry<{ email: string }>(
    'CONFLICT',
    ({ email }) => `The team has ${email} as a member already. Change the role on the page of the team.`,
  ),
  ALREADY_INVITED: entry<{ email: string }>(
    'CONFLICT',
    ({ email }) =>
      `The organisation has invited ${email} already. Send that invitation again, or revoke it first.`,
  ),
  INVITATION_EXPIRED: plain(
    'CONFLICT',
    'This invitation has run out. Ask whoever invited you to send it again.',
  ),
  INVITATION_USED: plain(
    'CONFLICT',
    'This invitation was accepted before, and works only once. Ask for a new one if you need it.',
  ),
  INVITATION_REVOKED: plain(
    'CONFLICT',
    'This invitation was taken back. Ask whoever invited you for a new one.',
  ),
  INVITATION_REPLACED: plain(
    'CONFLICT',
    'There is a newer mail with another link for this invitation. Open the link of the newest one.',
  ),
} as const
