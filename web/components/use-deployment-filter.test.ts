import { expect, it } from 'vitest'

import { isBareTeam } from './use-deployment-filter.ts'

const NONE = { items: [], isFiltered: false, isOfBefore: false }

it('takes a team for bare when it was asked for all it has, and has nothing', () => {
  expect(isBareTeam(NONE)).toBe(true)
  expect(isBareTeam({ ...NONE, items: ['one'] })).toBe(false)
  expect(isBareTeam({ ...NONE, items: undefined })).toBe(false)
})

it('does not conclude it from a filter that found nothing', () => {
  expect(isBareTeam({ ...NONE, isFiltered: true })).toBe(false)
})

it('does not conclude it from what a filter that was just cleared had left', () => {
  expect(isBareTeam({ ...NONE, isOfBefore: true })).toBe(false)
})
