/**
 * Rules between fields, said once: the API server evaluates the CEL, zod the function, people read the sentence.
 * They stand for what a structural schema cannot say (https://kubernetes.io/docs/reference/using-api/cel/).
 */
import { z } from 'zod'

export interface Rule<Value> {
  /** The sentence for people, with what to do. */
  says: string
  /** The same rule for the API server, about `self`; missing where CEL has no words for it. */
  cel?: string
  /**
   * Paths from `value` to what breaks the rule; none when it holds. A field inside may be malformed: then its
   * own schema says so, and the rule must not throw.
   */
  breaches(value: Value): (string | number)[][]
}

/** Adds rules to a schema, for zod alone. */
export function refineBy<Schema extends z.ZodType>(
  schema: Schema,
  rules: readonly Rule<z.output<Schema>>[],
): Schema {
  return schema.superRefine((value, context) => {
    for (const { says, ...rule } of rules) {
      for (const path of rule.breaches(value))
        context.addIssue({ code: 'custom', message: says, path, input: value })
    }
  })
}

/** Adds rules to a schema, as refinements and as `x-kubernetes-validations`. */
export function withRules<Schema extends z.ZodType>(
  schema: Schema,
  rules: readonly Rule<z.output<Schema>>[],
): Schema {
  const validations = rules.flatMap(({ cel, says }) =>
    cel === undefined ? [] : [{ rule: cel, message: says }],
  )
  return refineBy(schema, rules).meta({ 'x-kubernetes-validations': validations })
}

/** A list that server-side apply merges by these fields, and in which the API server allows no two alike. */
export function listByKey<Item extends z.ZodObject>(
  item: Item,
  { keys, max, says }: { keys: (keyof z.output<Item> & string)[]; max: number; says: string },
): z.ZodArray<Item> {
  const list = z.array(item).max(max, `A list holds at most ${max} entries here.`)
  const unique = list.superRefine((items, context) => {
    // Most lists are shorter, and this is asked at every look at a deployment.
    if (items.length < 2) return
    const seen = new Set<string>()
    items.forEach((entry, index) => {
      const key = JSON.stringify(keys.map((name) => (entry as Record<string, unknown>)[name]))
      if (seen.has(key)) context.addIssue({ code: 'custom', message: says, path: [index, keys[0] ?? ''] })
      seen.add(key)
    })
  })
  return unique.meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys })
}

/** A list in which no value occurs twice, and which server-side apply merges value by value. */
export function setOf<Item extends z.ZodType<string | number, string | number>>(
  item: Item,
  { max, says }: { max: number; says: string },
): z.ZodArray<Item> {
  const set = z.array(item).max(max, `A list holds at most ${max} entries here.`)
  const unique = set.superRefine((items, context) => {
    items.forEach((value, index) => {
      if (items.indexOf(value) !== index) context.addIssue({ code: 'custom', message: says, path: [index] })
    })
  })
  return unique.meta({ 'x-kubernetes-list-type': 'set' })
}
