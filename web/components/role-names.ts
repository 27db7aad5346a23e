/** Roles in words, and who may do what one may not, from the table of rights. */
import { POLICY, type Action, type OrgRole, type Role, type TeamRole } from '../../src/contract/policy.ts'

export const ORG_ROLE_NAMES: Readonly<Record<OrgRole, string>> = {
  org_owner: 'Owner',
  org_admin: 'Administrator',
  org_member: 'Member',
}

export const TEAM_ROLE_NAMES: Readonly<Record<TeamRole, string>> = {
  team_admin: 'Administrator',
  developer: 'Developer',
  viewer: 'Viewer',
}

/** What each role in a team is for, in a few words. */
export const TEAM_ROLE_HINTS: Readonly<Record<TeamRole, string>> = {
  team_admin: 'deploys, invites people and gives roles',
  developer: 'deploys, changes and deletes',
  viewer: 'looks, and changes nothing',
}

const WHO: Readonly<Record<Role, string>> = {
  org_owner: 'Only the owner of the organisation may do this.',
  org_admin: 'Only the owner and administrators of the organisation may do this.',
  org_member: 'Only members of the organisation may do this.',
  team_admin: 'Only administrators of the team or the organisation may do this.',
  developer: 'Only developers and administrators of the team may do this.',
  viewer: 'Only members of the team may do this.',
  platform_admin: 'Only who runs this installation may do this.',
}

/** Who may do it, as the table of rights says. */
export function whoMay(action: Action): string {
  const { least }: { least: string } = POLICY[action]
  return WHO[least as Role]
}
