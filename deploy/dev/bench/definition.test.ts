import { expect, it } from 'vitest'

import { metric } from './definition.ts'

it('holds a value against its goals', () => {
  expect(metric({ key: 'a', value: 60, unit: 's', atMost: 60 })).toEqual({
    key: 'a',
    value: 60,
    unit: 's',
    goal: '≤ 60',
    ok: true,
    note: '',
  })
  expect(metric({ key: 'a', value: 60.1, unit: 's', atMost: 60 }).ok).toBe(false)
  expect(metric({ key: 'a', value: 9, unit: '/s', atLeast: 10 }).ok).toBe(false)
  expect(metric({ key: 'a', value: 15, unit: '/s', atLeast: 10, atMost: 20 })).toMatchObject({
    goal: '≥ 10, ≤ 20',
    ok: true,
  })
})

it('only tells a value without goal', () => {
  expect(metric({ key: 'a', value: 1e9, unit: 's', note: 'n' })).toMatchObject({
    goal: null,
    ok: true,
    note: 'n',
  })
})

it('misses every goal with what is no number', () => {
  expect(metric({ key: 'a', value: Number.NaN, unit: 's', atMost: 1 }).ok).toBe(false)
  expect(metric({ key: 'a', value: Number.NaN, unit: 's', atLeast: 1 }).ok).toBe(false)
})
