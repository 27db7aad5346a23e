import { expect, it } from 'vitest'
import { z } from 'zod'

import { refusingUnknown, unknownFields } from './unknown-fields.ts'

const schema = z.object({
  name: z.string(),
  list: z.array(z.object({ a: z.int() })).default([]),
  inner: z.object({ b: z.int().optional() }).optional(),
  free: z.record(z.string(), z.string()).optional(),
})

it('finds unknown fields at any depth', () => {
  const value = { nane: 1, list: [{ a: 1 }, { a: 1, A: 2 }], inner: { c: 1 }, free: { anything: 'x' } }
  expect(unknownFields(schema, value)).toEqual([['nane'], ['list', 1, 'A'], ['inner', 'c']])
})

it('finds fields that objects have by birth', () => {
  const value: unknown = JSON.parse('{ "name": "x", "__proto__": 1, "constructor": 2, "toString": 3 }')
  expect(unknownFields(schema, value)).toEqual([['__proto__'], ['constructor'], ['toString']])
})

it('is silent where the value has another shape, which its schema says', () => {
  for (const value of [null, undefined, 'x', [], { name: 'x', list: {}, inner: [] }]) {
    expect(unknownFields(schema, value)).toEqual([])
  }
})

it('refuses them with what to do, and gives the same value otherwise', () => {
  const strict = refusingUnknown(schema)
  expect(strict.parse({ name: 'x' })).toEqual({ name: 'x', list: [] })
  expect(strict.safeParse({ name: 'x', inner: { bb: 1 } }).error?.issues).toMatchObject([
    { path: ['inner', 'bb'], message: 'There is no field "bb" here: remove it or correct its spelling.' },
  ])
})
