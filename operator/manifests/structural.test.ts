import { expect, it } from 'vitest'
import { z } from 'zod'

import { toStructural } from './structural.ts'

it('keeps defaults, bounds, patterns and descriptions', () => {
  const schema = z.object({
    name: z.string().max(5).regex(/^a+$/).default('a').describe('A name.'),
    size: z.int().min(1).max(9).optional(),
  })
  expect(toStructural(schema)).toEqual({
    type: 'object',
    properties: {
      name: { description: 'A name.', type: 'string', default: 'a', maxLength: 5, pattern: '^a+$' },
      size: { type: 'integer', minimum: 1, maximum: 9 },
    },
  })
})

it('writes a default with the defaults inside it, against which rules are held', () => {
  const inner = z.object({ a: z.int().default(1), b: z.object({ c: z.int().default(2) }).prefault({}) })
  const schema = z.object({ inner: inner.prefault({ a: 7 }) })
  expect(toStructural(schema).properties?.inner?.default).toEqual({ a: 7, b: { c: 2 } })
})

it.each([
  ['a union', z.object({ a: z.union([z.string(), z.int()]) }), 'the schema.a has no single type'],
  ['a strict object', z.object({ a: z.array(z.strictObject({})) }), 'the schema.a[]{} has no single type'],
  ['anything', z.object({ a: z.unknown() }), 'the schema.a has no single type'],
  ['a nullable value', z.object({ a: z.string().nullable() }), 'the schema.a says nullable'],
  ['a number above another', z.object({ a: z.number().gt(1) }), 'the schema.a says exclusiveMinimum'],
  ['a format', z.object({ a: z.record(z.string(), z.email()) }), 'the schema.a{} says format'],
])('refuses %s, with its place', (_, schema, message) => {
  expect(() => toStructural(schema)).toThrow(message)
})
