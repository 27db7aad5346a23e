import { expect, it } from 'vitest'

import { newId } from '../../contract/ids.ts'
import type { KeyScope } from '../../contract/policy.ts'
import type { Actor, Scope } from './actor.ts'
import { authorize } from './authorize.ts'

const [orgId, teamId, otherTeam] = [newId('org'), newId('team'), newId('team')]
const team: Scope = { orgId, teamId, isSuspended: false, isFrozen: false }
const what = 'team'

function actor(role: 'org_owner' | 'org_member' | 'none', given: Partial<Actor> = {}): Actor {
  return {
    kind: 'user',
    userId: newId('usr'),
    email: 'a@example.com',
    name: 'Ada',
    avatarUrl: null,
    isPlatformAdmin: false,
    orgs:
      role === 'none'
        ? []
        : [{ orgId, slug: 'o', name: 'O', role, planId: 'free', suspended: false, frozen: false }],
    teams: [],
    ...given,
  }
}
const inTeam = { teams: [{ teamId, orgId, name: 'T', role: 'developer' as const }] }
const key = (scopes: KeyScope[], only: typeof teamId | null = null) => ({
  kind: 'api_key' as const,
  apiKey: { id: newId('key'), name: 'ci', scopes, orgId, teamId: only },
})

it('hides what the caller may not see as if it were not there', () => {
  const hidden = () => authorize({ actor: actor('none'), scope: team, action: 'deployment:read', what })
  const absent = () =>
    authorize({ actor: actor('org_owner'), scope: undefined, action: 'deployment:read', what })
  expect(hidden).toThrow('NOT_FOUND')
  expect(absent).toThrow('NOT_FOUND')
})

it('refuses what the caller sees and may not do', () => {
  const developer = actor('org_member', inTeam)
  expect(authorize({ actor: developer, scope: team, action: 'deployment:create', what })).toBe(developer)
  expect(() => authorize({ actor: developer, scope: team, action: 'deployment:transfer', what })).toThrow(
    'FORBIDDEN',
  )
})

it('wants to know who asks', () => {
  expect(() => authorize({ actor: undefined, scope: team, action: 'team:read', what })).toThrow(
    'UNAUTHENTICATED',
  )
})

it('lets a suspended organisation read and delete, and nothing else', () => {
  const scope = { ...team, isSuspended: true }
  const owner = actor('org_owner')
  expect(authorize({ actor: owner, scope, action: 'deployment:read', what })).toBe(owner)
  expect(authorize({ actor: owner, scope, action: 'deployment:delete', what })).toBe(owner)
  expect(() => authorize({ actor: owner, scope, action: 'deployment:create', what })).toThrow('ORG_SUSPENDED')
})

it('lets an organisation that has not paid for a while change what it has, and make nothing new', () => {
  const scope = { ...team, isFrozen: true }
  const owner = actor('org_owner')
  for (const action of [
    'deployment:read',
    'deployment:delete',
    'deployment:update',
    'billing:manage',
  ] as const) {
    expect(authorize({ actor: owner, scope, action, what })).toBe(owner)
  }
  for (const action of ['deployment:create', 'team-member:invite', 'secret:set'] as const) {
    expect(() => authorize({ actor: owner, scope, action, what })).toThrow('PAYMENT_REQUIRED')
  }
})

it('gives a key no more than its scopes', () => {
  const reader = actor('org_owner', key(['deployments:read']))
  expect(authorize({ actor: reader, scope: team, action: 'deployment:read', what })).toBe(reader)
  for (const action of ['deployment:create', 'secret:read', 'team:read'] as const) {
    expect(() => authorize({ actor: reader, scope: team, action, what })).toThrow('KEY_SCOPE_MISSING')
  }
})

it('keeps a key of one team out of the others, however mighty its creator is', () => {
  const narrow = actor('org_owner', key(['deployments:read', 'deployments:write'], teamId))
  expect(authorize({ actor: narrow, scope: team, action: 'deployment:create', what })).toBe(narrow)
  const elsewhere = { ...team, teamId: otherTeam }
  expect(() => authorize({ actor: narrow, scope: elsewhere, action: 'deployment:read', what })).toThrow(
    'NOT_FOUND',
  )
})

it('gives who runs the installation no right inside a tenant', () => {
  const admin = actor('none', { isPlatformAdmin: true })
  expect(() => authorize({ actor: admin, scope: team, action: 'log:read', what })).toThrow('NOT_FOUND')
})
