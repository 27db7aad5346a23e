import { expect, it } from 'vitest'

import { orgHindrance } from './org-hindrance.ts'

const GOING = { isSuspended: false, isFrozen: false }

it('keeps nobody of a paying organisation from anything', () => {
  expect(orgHindrance(GOING, 'deployment:create')).toBeUndefined()
})

it('keeps a suspended organisation from changing, and not from reading and deleting', () => {
  const suspended = { ...GOING, isSuspended: true }
  expect(orgHindrance(suspended, 'secret:set')).toBe('The organisation is suspended.')
  expect(orgHindrance(suspended, 'secret:delete')).toBeUndefined()
  expect(orgHindrance(suspended, 'secret:read')).toBeUndefined()
})

it('keeps an organisation that has not paid from what is new alone', () => {
  const frozen = { ...GOING, isFrozen: true }
  expect(orgHindrance(frozen, 'deployment:create')).toMatch(/until the organisation has paid/)
  expect(orgHindrance(frozen, 'secret:set')).toMatch(/until the organisation has paid/)
  expect(orgHindrance(frozen, 'secret:delete')).toBeUndefined()
  expect(orgHindrance(frozen, 'deployment:update')).toBeUndefined()
})
