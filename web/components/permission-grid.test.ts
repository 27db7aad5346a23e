import { expect, it } from 'vitest'

import { ACTIONS } from '../../src/contract/policy.ts'
import { permissionGrid, ROLES, ROLE_WORDS } from './permission-grid.ts'

const rows = permissionGrid().flatMap((group) => group.rows)

it('has every action of the policy, once', () => {
  expect(rows.map(({ action }) => action).toSorted()).toEqual(ACTIONS.toSorted())
  expect(Object.keys(ROLE_WORDS)).toEqual([...ROLES])
})

it('says what the policy says', () => {
  const row = rows.find(({ action }) => action === 'deployment:create')
  expect(row).toMatchObject({
    verb: 'create',
    verdicts: { org_owner: 'allowed', org_member: 'hidden', viewer: 'refused', developer: 'allowed' },
    isAllowedWhenSuspended: false,
    keyScope: 'deployments:write',
  })
  expect(rows.find(({ action }) => action === 'own-api-key:create')?.keyScope).toBeUndefined()
  const names = permissionGrid().map(({ resource }) => resource)
  expect(names).toContain('team member')
  expect(new Set(names).size).toBe(names.length)
})
