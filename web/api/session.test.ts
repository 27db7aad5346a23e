import { expect, it } from 'vitest'

import type { TeamId } from '../../src/contract/ids.ts'
import type { Me } from '../../src/modules/access/schema.ts'
import { sessionIn, sessionOf } from './session.tsx'

function meOf(more: object = {}): Me {
  const me: unknown = {
    user: { id: 'usr_a', email: 'a@example.com', name: 'A', avatarUrl: null, isPlatformAdmin: false },
    orgs: [
      {
        id: 'org_a',
        slug: 'a',
        name: 'A',
        role: 'org_member',
        plan: 'free',
        isSuspended: false,
        isFrozen: false,
      },
    ],
    teams: [
      { id: 'team_a', orgId: 'org_a', name: 'One', isDefault: true, role: 'viewer' },
      { id: 'team_b', orgId: 'org_a', name: 'Two', isDefault: false, role: 'developer' },
    ],
    currentTeamId: 'team_b',
    ...more,
  }
  return me as Me
}

it('opens the current team, or else the first', () => {
  expect(sessionOf(meOf())?.team.name).toBe('Two')
  expect(sessionOf(meOf({ currentTeamId: null }))?.team.name).toBe('One')
  expect(sessionOf(meOf({ currentTeamId: 'team_gone' }))?.team.name).toBe('One')
})

it('is none for somebody in no team', () => {
  expect(sessionOf(meOf({ teams: [] }))).toBeUndefined()
})

it('allows by the role in this team, not in another', () => {
  expect(sessionOf(meOf())?.may('deployment:create')).toBe(true)
  expect(sessionOf(meOf({ currentTeamId: 'team_a' }))?.may('deployment:create')).toBe(false)
  expect(sessionOf(meOf({ currentTeamId: 'team_a' }))?.may('deployment:read')).toBe(true)
})

it('allows by the role in the team that is asked about, whichever is the current one', () => {
  expect(sessionIn(meOf(), 'team_a' as TeamId)?.may('deployment:update')).toBe(false)
  const elsewhere = sessionIn(meOf({ currentTeamId: 'team_a' }), 'team_b' as TeamId)
  expect([elsewhere?.team.name, elsewhere?.may('deployment:update')]).toEqual(['Two', true])
})

it('takes the organisation of the team that is asked about', () => {
  const [org] = meOf().orgs
  const [one] = meOf().teams
  const me = meOf({
    orgs: [org, { ...org, id: 'org_b', isSuspended: true }],
    teams: [one, { ...one, id: 'team_c', orgId: 'org_b', role: 'team_admin' }],
    currentTeamId: 'team_a',
  })
  const elsewhere = sessionIn(me, 'team_c' as TeamId)
  expect([elsewhere?.org.id, elsewhere?.may('deployment:update')]).toEqual(['org_b', false])
})

it('is none in a team that one is not in', () => {
  expect(sessionIn(meOf(), 'team_gone' as TeamId)).toBeUndefined()
})

it('allows a suspended organisation to read and to delete, and nothing else', () => {
  const [org] = meOf().orgs
  const session = sessionOf(meOf({ orgs: [{ ...org, isSuspended: true }] }))
  expect(session?.may('deployment:create')).toBe(false)
  expect([session?.may('deployment:read'), session?.may('deployment:delete')]).toEqual([true, true])
})

it('allows an organisation that has not paid to change what it has, and to make nothing new', () => {
  const [org] = meOf().orgs
  const session = sessionOf(meOf({ orgs: [{ ...org, isFrozen: true }] }))
  expect(session?.may('deployment:create')).toBe(false)
  expect([session?.may('deployment:read'), session?.may('deployment:update')]).toEqual([true, true])
})
