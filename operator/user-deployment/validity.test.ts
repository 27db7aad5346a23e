import { expect, it, vi } from 'vitest'

import { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { aResource } from '../testing/resources.ts'
import type { RawResource } from './caches.ts'
import { validate, withChecked } from './validity.ts'

const status: UserDeploymentStatus = { phase: 'Ready', conditions: [], services: [], urls: [] }

/** As the API server gives it back after the operator has looked at it. */
function checkedOnce(resource: RawResource = aResource()): RawResource {
  const first = validate(resource)
  if (!first.success) throw first.error
  return { ...resource, status: withChecked(status, first.checked, undefined) }
}

function asked(resource: RawResource): number {
  const spy = vi.spyOn(UserDeployment, 'safeParse')
  validate(resource)
  const { length } = spy.mock.calls
  spy.mockRestore()
  return length
}

it('asks no more about a spec that it found to be valid, and gives it as it is', () => {
  const known = checkedOnce()
  expect([asked(aResource()), asked(known)]).toEqual([1, 0])
  expect(validate(known)).toMatchObject({ success: true, data: UserDeployment.parse(known) })
})

it.each([
  ['another spec', (known: RawResource) => ({ ...aResource({ suspended: true }), status: known.status })],
  ['other rules', (known: RawResource) => ({ ...known, status: { ...status, checked: 'of others' } })],
  ['no status', (known: RawResource) => ({ ...known, status: undefined })],
  ['nonsense for a status', (known: RawResource) => ({ ...known, status: { checked: 5 } })],
])('asks again about %s', (_, changed) => {
  expect(asked(changed(checkedOnce()))).toBe(1)
})

it('says what is wrong with a spec, whatever its status says of another one', () => {
  const { status: said } = checkedOnce()
  const nonsense = { ...aResource(), spec: { services: 'none' }, status: said }
  expect(validate(nonsense)).toMatchObject({ success: false })
})

it('remembers nothing about a spec in which defaults are missing: it has to be filled in each time', () => {
  const { metadata, apiVersion, kind, spec } = aResource()
  const { suspended: _, ...rest } = spec
  const found = validate({ apiVersion, kind, metadata, spec: rest })
  expect(found).toMatchObject({ success: true, data: { spec: { suspended: false } }, checked: undefined })
})

it('takes another hash into a status that is written anyway, and writes none for it alone', () => {
  const before = { ...status, checked: 'old' }
  expect(withChecked(status, 'new', before)).toEqual(before)
  expect(withChecked({ ...status, phase: 'Error' }, 'new', before)).toEqual({
    ...status,
    phase: 'Error',
    checked: 'new',
  })
  expect(withChecked(status, 'new', undefined)).toEqual({ ...status, checked: 'new' })
  expect(withChecked(status, undefined, undefined)).toEqual(status)
  expect(withChecked(status, 'new', status)).toEqual(status)
})

it('finds the same hash in the same spec only', () => {
  const hash = (resource: RawResource): unknown =>
    (checkedOnce(resource).status as UserDeploymentStatus).checked
  expect(hash(aResource())).toBe(hash(aResource()))
  expect(hash(aResource())).not.toBe(hash(aResource({ services: [smallService({ replicas: 2 })] })))
})
