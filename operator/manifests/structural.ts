/**
 * From zod to what the API server calls a structural schema
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/).
 * What zod can say and a structural schema cannot is refused here, with its place: better than a field that the
 * API server drops in silence.
 */
import { z } from 'zod'

export interface StructuralSchema {
  type: string
  properties?: Record<string, StructuralSchema>
  items?: StructuralSchema
  additionalProperties?: StructuralSchema
  [keyword: string]: unknown
}

/** The keywords that we use, in the order in which they are written. */
const KEYWORDS = [
  'description',
  'type',
  'default',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-validations',
  'required',
  'properties',
  'items',
  'additionalProperties',
] as const

/** @throws {Error} the schema says something that a structural schema cannot */
export function toStructural(schema: z.ZodType): StructuralSchema {
  return normalise(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' }), 'the schema')
}

function normalise(given: unknown, place: string): StructuralSchema {
  if (!isRecord(given) || typeof given.type !== 'string') {
    throw new Error(
      `${place} has no single type: unions, intersections and unknown values are not structural.`,
    )
  }
  const foreign = Object.keys(given).filter((keyword) => !KEYWORDS.some((known) => known === keyword))
  if (foreign.length > 0) throw new Error(`${place} says ${foreign.join(', ')}, which is not structural.`)
  const result: Record<string, unknown> = {}
  for (const keyword of KEYWORDS) {
    const value = given[keyword]
    if (value !== undefined) result[keyword] = normaliseKeyword(keyword, value, place)
  }
  const schema = result as StructuralSchema
  if (schema.default !== undefined) schema.default = withDefaults(schema, schema.default)
  return schema
}

/** A default with the defaults inside it: the API server holds rules against it as it is written. */
function withDefaults(schema: StructuralSchema, value: unknown): unknown {
  if (!isRecord(value)) return value
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, of]) => {
    const given = value[name] ?? of.default
    return given === undefined ? [] : [[name, withDefaults(of, given)] as const]
  })
  return { ...value, ...Object.fromEntries(inside) }
}

function normaliseKeyword(keyword: (typeof KEYWORDS)[number], value: unknown, place: string): unknown {
  if (keyword === 'properties' && isRecord(value)) {
    const entries = Object.entries(value).map(
      ([name, of]) => [name, normalise(of, `${place}.${name}`)] as const,
    )
    return Object.fromEntries(entries)
  }
  if (keyword === 'items') return normalise(value, `${place}[]`)
  if (keyword === 'additionalProperties') return normalise(value, `${place}{}`)
  return value
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
