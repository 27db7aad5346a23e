/** Answers held against Stripe's OpenAPI document: nothing that is needed is missing, nothing is there that Stripe has not. */
import { Ajv, type ValidateFunction } from 'ajv'

interface Schema {
  readonly [key: string]: unknown
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content: { readonly 'application/json': { readonly schema: Schema } } }>
  >
}

/** What references of the document lead into, wherever they stand. */
const DOCUMENT = 'https://stripe.test/openapi'

export interface OpenApiDocument {
  readonly info: { readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export interface Seen {
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly status: number
  readonly json: unknown
}

/** What is wrong, as sentences; nothing when it is as Stripe's document says. */
export interface Checker {
  answer(seen: Seen): readonly string[]
  /** @param name of a schema, as `customer` */
  object(name: string, json: unknown): readonly string[]
}

export function checkerOf(document: OpenApiDocument): Checker {
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false, inlineRefs: false })
  ajv.addSchema({ $id: DOCUMENT, components: plain(document.components) as Schema })
  const known = new Map<string, ValidateFunction>()
  const validatorOf = (name: string, schema: Schema): ValidateFunction => {
    const found = known.get(name)
    if (found) return found
    const made = ajv.compile(plain(schema) as Schema)
    known.set(name, made)
    return made
  }
  const faultsOf = (name: string, schema: Schema, json: unknown): readonly string[] => {
    const validate = validatorOf(name, schema)
    if (validate(json)) return []
    return (validate.errors ?? []).map(
      (error) => `${name}${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
    )
  }
  return {
    answer({ method, path, status, json }) {
      const template = templateOf(document, method, path)
      if (template === undefined) return [`Stripe has no ${method} ${path}`]
      const { responses } = document.paths[template]?.[method.toLowerCase()] ?? { responses: {} }
      const answer = responses[String(status)] ?? responses['default']
      if (!answer) return [`${method} ${template} does not answer with ${status}`]
      const { schema } = answer.content['application/json']
      return faultsOf(`${method} ${template} ${status}`, schema, json)
    },
    object(name, json) {
      if (!Object.hasOwn(document.components.schemas, name)) return [`Stripe has no ${name}`]
      return faultsOf(name, { $ref: `#/components/schemas/${name}` }, json)
    },
  }
}

/** `/v1/customers/{customer}`; what has no variable comes first. */
function templateOf(document: OpenApiDocument, method: string, path: string): string | undefined {
  const fits = (template: string): boolean => {
    const pattern = template.replaceAll(/\{[^}]+\}/g, '[^/]+')
    return (
      new RegExp(`^${pattern}$`).test(path) && document.paths[template]?.[method.toLowerCase()] !== undefined
    )
  }
  return document.paths[path] ? path : Object.keys(document.paths).find(fits)
}

/**
 * OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, what may be expanded is an id (we never expand), and an object
 * has the properties that are named and no others.
 */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, ...schema } = value as Schema
  if (typeof schema['$ref'] === 'string') return { $ref: `${DOCUMENT}${schema['$ref']}` }
  if (schema['x-expansionResources'] !== undefined)
    return { type: nullable === true ? ['string', 'null'] : 'string' }
  const inner = Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, plain(each)]))
  const closed = isOpen(inner) ? { ...inner, additionalProperties: false } : inner
  return nullable === true ? { anyOf: [closed, { type: 'null' }] } : closed
}

const isOpen = (schema: Schema): boolean =>
  schema['type'] === 'object' &&
  typeof schema['properties'] === 'object' &&
  !('additionalProperties' in schema)
