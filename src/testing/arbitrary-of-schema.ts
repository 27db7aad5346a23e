/** From the zod schema of an input to inputs that it takes, for tests that feed every procedure. */
import fc from 'fast-check'
import { z } from 'zod'

/** What JSON schema says of a value, as far as zod writes it. */
interface Json {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Json[]
  oneOf?: Json[]
  allOf?: Json[]
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  items?: Json
  minItems?: number
  maxItems?: number
  properties?: Record<string, Json>
  required?: string[]
  additionalProperties?: Json | boolean
  propertyNames?: Json
}

/** Ids that there are, by prefix. They may change while inputs are made. */
export type Pool = Readonly<Record<string, readonly string[]>>

/** Values of a schema; ids are mostly those of the pool, so that calls get further than to "not found". */
export function arbitraryOf(schema: z.ZodType, pool: () => Pool): fc.Arbitrary<unknown> {
  return of(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json, pool)
}

type PoolOf = () => Pool

function of(json: Json, pool: PoolOf): fc.Arbitrary<unknown> {
  if (json.const !== undefined) return fc.constant(json.const)
  if (json.enum) return fc.constantFrom(...json.enum)
  const choices = json.anyOf ?? json.oneOf
  if (choices) return fc.oneof(...choices.map((choice) => of(choice, pool)))
  if (json.allOf) return of(Object.assign({}, json, { allOf: undefined }, ...json.allOf) as Json, pool)
  if (Array.isArray(json.type)) return fc.oneof(...json.type.map((type) => of({ ...json, type }, pool)))
  return (json.type === undefined ? undefined : KINDS[json.type])?.(json, pool) ?? fc.jsonValue()
}

const KINDS: Readonly<Record<string, (json: Json, pool: PoolOf) => fc.Arbitrary<unknown>>> = {
  string: textOf,
  integer: ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }) =>
    fc.integer({
      min: Math.max(minimum ?? (exclusiveMinimum ?? -2) + 1, -(2 ** 31)),
      max: Math.min(maximum ?? (exclusiveMaximum ?? 1_001) - 1, 2 ** 31 - 1),
    }),
  number: ({ minimum = -1_000, maximum = 1_000 }) => fc.double({ min: minimum, max: maximum, noNaN: true }),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  array: ({ items = {}, minItems = 0, maxItems = 4 }, pool) =>
    fc.array(of(items, pool), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 4)) }),
  object: objectOf,
}

const ID = /^\^([a-z]+)_\[/

function textOf(
  { pattern, format, minLength = 0, maxLength = 40 }: Json,
  pool: PoolOf,
): fc.Arbitrary<string> {
  const bounds = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) }
  if (format === 'date-time') return INSTANT
  if (format === 'uuid') return fc.uuid()
  if (pattern === undefined) return fc.string({ ...bounds, unit: 'grapheme' })
  const random = matching(pattern, bounds)
  const prefix = ID.exec(pattern)?.[1]
  if (prefix === undefined) return fc.oneof(random, random, fc.constantFrom('web', 'api', 'TOKEN', '/etc/a'))
  const known = fc.nat().chain((at) => {
    const ids = pool()[prefix] ?? []
    return ids.length === 0 ? random : fc.constant(ids[at % ids.length] ?? '')
  })
  return fc.oneof(known, known, known, random)
}

const INSTANT = fc
  .date({ min: new Date(Date.UTC(2020, 0)), max: new Date(Date.UTC(2030, 0)), noInvalidDate: true })
  .map((date) => date.toISOString())

/** What fast-check cannot read of a pattern (a look ahead, say) is any text. */
function matching(pattern: string, bounds: { minLength: number; maxLength: number }): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern), { maxLength: bounds.maxLength })
  } catch {
    return fc.string(bounds)
  }
}

function objectOf(
  { properties = {}, required = [], additionalProperties, propertyNames }: Json,
  pool: PoolOf,
): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, json]) => [name, of(json, pool)] as const)
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: required })
  if (typeof additionalProperties !== 'object' || fields.length > 0) return known
  const names = propertyNames
    ? (of({ type: 'string', ...propertyNames }, pool) as fc.Arbitrary<string>)
    : fc.string()
  return fc.dictionary(
    fc.oneof(names, fc.constantFrom('TOKEN', 'GREETING')),
    of(additionalProperties, pool),
    {
      maxKeys: 4,
      noNullPrototype: true,
    },
  )
}
