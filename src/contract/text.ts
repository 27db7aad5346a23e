import { z } from 'zod'

export interface TextOptions {
  /** Characters as the API server counts them: code points, not UTF-16 units. */
  max: number
  min?: number
  says: string
}

/** Free text of people or programs: anything but NUL and broken surrogates, which no file or variable can hold. */
export function text({ max, min = 0, says }: TextOptions): z.ZodType<string, string> {
  const schema: z.ZodType<string, string> = z.string({ error: says }).refine(
    (value) => {
      const length = characters(value)
      return length >= min && length <= max && !value.includes('\0') && value.isWellFormed()
    },
    { error: says },
  )
  return schema.meta({ maxLength: max, ...(min > 0 ? { minLength: min } : {}), pattern: '^[^\\x00]*$' })
}

/** Half of a character that takes two units. */
const SURROGATE = /[\ud800-\udfff]/

/** Characters of a text as the API server counts them, without an array of them. */
export function characters(value: string): number {
  if (!SURROGATE.test(value)) return value.length
  let length = 0
  for (const _ of value) length++
  return length
}

/** Bytes of a text in UTF-8. */
export const byteLength = (value: string): number => new TextEncoder().encode(value).length

/** A whole number between two bounds, with one sentence for whatever else is given. */
export function wholeNumber(what: string, min: number, max: number): z.ZodInt {
  const says = `${what} must be a whole number from ${min} to ${max}.`
  return z.int({ error: says }).min(min, says).max(max, says)
}
