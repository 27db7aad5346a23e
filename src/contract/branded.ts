/**
 * Branded texts: a type that only a check can give, so that what reaches a path, a selector or a host name has
 * been checked, and the compiler knows.
 */
import { z } from 'zod'

export type Branded<Name extends string> = string & z.$brand<Name>

export interface Grammar {
  /** Anchored at both ends, and the same to Go (RE2) as to JavaScript: the API server uses it too. */
  pattern: RegExp
  /** Characters; the API server needs a bound to estimate what a rule costs. */
  max: number
  /** The one sentence for whatever is wrong: what it must be. */
  says: string
}

/** A schema that makes a branded text of one that fits the grammar. */
export function branded<Text extends string>({ pattern, max, says }: Grammar): z.ZodType<Text, string> {
  const schema: z.ZodType<string, string> = z
    .string({ error: says })
    .max(max, { error: says, abort: true })
    .regex(pattern, says)
  return schema as z.ZodType<Text, string>
}
