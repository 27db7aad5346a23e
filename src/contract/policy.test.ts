import fc from 'fast-check'
import { expect, expectTypeOf, it } from 'vitest'

import { newId, type OrgId, type TeamId } from './ids.ts'
import {
  ACTIONS,
  can,
  isAllowedWhenSuspended,
  isInKeyScopes,
  judge,
  KEY_AREAS,
  ORG_ROLES,
  POLICY,
  TEAM_ROLES,
  type Action,
  type Grant,
  type KeyScope,
  type Role,
  type TeamAction,
} from './policy.ts'

const place = { orgId: newId('org'), teamId: newId('team') }
const elsewhere = { orgId: newId('org'), teamId: newId('team') }
const ROLES = [...ORG_ROLES, ...TEAM_ROLES, 'platform_admin'] as const

function grant(role: Role, { orgId, teamId }: { orgId: OrgId; teamId: TeamId } = place): Grant {
  if (role === 'platform_admin') return { role }
  const isOfTeam = TEAM_ROLES.some((each) => each === role)
  return { role, orgId, ...(isOfTeam ? { teamId } : {}) } as Grant
}

/**
 * Role by role: `yes`, `-` refused, `.` not even seen; then what it does, and what a suspended organisation and an API
 * key may.
 */
function grid(): string {
  const columns = ['signed in', ...ROLES, 'effect', 'suspended', 'API key']
  const rows = ACTIONS.map((action) => {
    const marks = [[], ...ROLES.map((role) => [grant(role)])].map((grants) => mark(grants, action))
    const { key, effect } = POLICY[action]
    const scope = key === null ? '.' : `${key}:${effect === 'read' ? 'read' : 'write'}`
    return [action, ...marks, effect, isAllowedWhenSuspended(action) ? 'yes' : '-', scope]
  })
  const table = [['action', ...columns], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  return (
    table
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n') + '\n'
  )
}

const mark = (grants: Grant[], action: Action): string =>
  ({ allowed: 'yes', refused: '-', hidden: '.' })[judge(grants, action, place)]

it('is the table in policy.golden.txt', async () => {
  await expect(grid()).toMatchFileSnapshot('policy.golden.txt')
})

it('is the table of the design, row by row', () => {
  const rows: [roles: Role[], actions: Action[]][] = [
    [['org_owner'], ['billing:manage', 'org:delete', 'org:transfer']],
    [
      ['org_owner', 'org_admin'],
      [
        'org:update',
        'org-secret:set',
        'org-template:write',
        'org-member:invite',
        'api-key:revoke-any',
        'audit:read',
      ],
    ],
    [
      ['org_owner', 'org_admin', 'org_member'],
      ['org:read', 'org-member:read'],
    ],
    [
      ['org_owner', 'org_admin'],
      ['team:create', 'team:update', 'team:delete'],
    ],
    [
      ['org_owner', 'org_admin', 'team_admin'],
      [
        'team-member:invite',
        'team-member:remove',
        'team-member:change-role',
        'team-template:write',
        'team-api-key:create',
      ],
    ],
    [
      ['org_owner', 'org_admin', 'team_admin', 'developer'],
      [
        'deployment:create',
        'deployment:update',
        'deployment:restart',
        'deployment:rollback',
        'deployment:delete',
        'secret:set',
        'exec:open',
        'task:create',
        'workflow:create',
      ],
    ],
    [
      ['org_owner', 'org_admin', 'team_admin', 'developer', 'viewer'],
      ['deployment:read', 'revision:read', 'secret:read', 'log:read', 'metric:read', 'event:read'],
    ],
    [
      ['platform_admin'],
      [
        'plan:manage',
        'public-template:write',
        'stripe-event:read',
        'garbage:read',
        'org:suspend',
        'session:revoke-any',
      ],
    ],
  ]
  for (const [roles, actions] of rows) {
    for (const action of actions) {
      const allowed = ROLES.filter((role) => can([grant(role)], action, place))
      expect(allowed, action).toEqual(ROLES.filter((role) => roles.includes(role)))
    }
  }
})

it('shows the value of a secret to nobody', () => {
  const everything = ROLES.map((role) => grant(role))
  expect(can(everything, 'secret:read-value', place)).toBe(false)
  expect(can(everything, 'org-secret:read-value', place)).toBe(false)
})

it('gives the platform administrator nothing inside a tenant', () => {
  const inside = ACTIONS.filter((action) => ['org', 'team'].includes(POLICY[action].scope))
  for (const action of inside) expect(judge([grant('platform_admin')], action, place), action).toBe('hidden')
})

it('shows a mere member of the organisation no team and no deployment', () => {
  const ofTeams = ACTIONS.filter((action) => POLICY[action].scope === 'team')
  for (const action of ofTeams) expect(judge([grant('org_member')], action, place), action).toBe('hidden')
})

it('lets no grant reach beyond its own organisation or team', () => {
  const action = fc.constantFrom(
    ...ACTIONS.filter((each) => POLICY[each].scope !== 'self' && POLICY[each].scope !== 'platform'),
  )
  const grants = fc.array(fc.constantFrom(...ROLES).map((role) => grant(role, elsewhere)))
  fc.assert(
    fc.property(action, grants, (each, of) => {
      expect(judge(of, each, place)).toBe('hidden')
      expect(can(of, each, { ...elsewhere, orgId: place.orgId })).toBe(false)
      expect(can(of, each, {})).toBe(false)
    }),
  )
  const sameOrg = [grant('team_admin', { orgId: place.orgId, teamId: elsewhere.teamId })]
  expect(can(sameOrg, 'deployment:read', place)).toBe(false)
  expect(can(sameOrg, 'org:read', place)).toBe(false)
})

it('asks of which team, even whoever may in all of them', () => {
  expect(can([grant('org_owner')], 'deployment:read', { orgId: place.orgId })).toBe(false)
  expect(can([grant('org_owner')], 'deployment:read', { teamId: place.teamId })).toBe(false)
})

it('never allows less with one grant more', () => {
  const some = fc.array(
    fc.constantFrom(...ROLES).map((role) => grant(role)),
    { maxLength: 3 },
  )
  fc.assert(
    fc.property(some, fc.constantFrom(...ROLES), fc.constantFrom(...ACTIONS), (grants, more, action) => {
      const before = can(grants, action, place)
      expect(can([...grants, grant(more)], action, place) || !before).toBe(true)
    }),
  )
})

it('tells refused from hidden by whether the place is seen', () => {
  expect(judge([grant('viewer')], 'deployment:delete', place)).toBe('refused')
  expect(judge([grant('org_member')], 'billing:manage', place)).toBe('refused')
  expect(judge([], 'deployment:delete', place)).toBe('hidden')
  expect(judge([], 'org:suspend', place)).toBe('hidden')
  expect(judge([], 'session:read')).toBe('allowed')
})

it('leaves a suspended organisation reading, paying and deleting', () => {
  const allowed = (['deployment:read', 'billing:manage', 'deployment:delete', 'org:delete'] as const).map(
    isAllowedWhenSuspended,
  )
  expect(allowed).toEqual([true, true, true, true])
  const refused = (['deployment:create', 'secret:set', 'exec:open', 'team-member:invite'] as const).map(
    isAllowedWhenSuspended,
  )
  expect(refused).toEqual([false, false, false, false])
})

it('lets an API key do what its scopes say, and nothing about people', () => {
  expect(isInKeyScopes(['deployments:read'], 'log:read')).toBe(true)
  expect(isInKeyScopes(['deployments:read'], 'deployment:delete')).toBe(false)
  expect(isInKeyScopes(['deployments:write'], 'deployment:delete')).toBe(true)
  expect(isInKeyScopes(['deployments:write'], 'deployment:read')).toBe(false)
  const all = KEY_AREAS.flatMap((area): KeyScope[] => [`${area}:read`, `${area}:write`])
  expect(isInKeyScopes(['billing:read'], 'billing:manage')).toBe(false)
  expect(isInKeyScopes(['billing:write'], 'billing:manage')).toBe(true)
  const never = [
    'org:delete',
    'team-member:invite',
    'own-api-key:create',
    'session:read',
    'plan:manage',
  ] as const
  expect(
    never.filter((action) =>
      isInKeyScopes([...all, 'null:read' as KeyScope, 'null:write' as KeyScope], action),
    ),
  ).toEqual([])
})

it('keeps actions of teams, organisations and the platform apart for the compiler', () => {
  expectTypeOf<'deployment:create'>().toExtend<TeamAction>()
  expectTypeOf<'org:delete'>().not.toExtend<TeamAction>()
})
