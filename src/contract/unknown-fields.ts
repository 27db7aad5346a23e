import { z } from 'zod'

type Path = (string | number)[]

/**
 * Where a value has fields that its schema does not know, as paths. zod drops such fields, as the API server
 * does; from people they are mistakes of spelling that would otherwise be ignored without a word.
 */
export function unknownFields(schema: z.core.$ZodType, value: unknown): Path[] {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => below(index, unknownFields(inner.element, item)))
  }
  if (!(inner instanceof z.ZodObject) || !isRecord(value)) return []
  const shape: Record<string, z.core.$ZodType> = inner.shape
  return Object.entries(value).flatMap(([name, of]) => {
    const known = Object.hasOwn(shape, name) ? shape[name] : undefined
    return known ? below(name, unknownFields(known, of)) : [[name]]
  })
}

/** A schema of the same values that refuses unknown fields, at any depth, before it looks at the known ones. */
export function refusingUnknown<Schema extends z.ZodType>(schema: Schema): z.ZodPipe<z.ZodUnknown, Schema> {
  const known = z.unknown().superRefine((value, context) => {
    for (const path of unknownFields(schema, value)) {
      const name = JSON.stringify(String(path.at(-1)).slice(0, 60))
      context.addIssue({
        code: 'custom',
        message: `There is no field ${name} here: remove it or correct its spelling.`,
        path,
      })
    }
  })
  return known.pipe(schema)
}

/** Without what says only whether a value may be missing. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  return isWrapper ? unwrapped(schema.unwrap()) : schema
}

const below = (step: string | number, paths: Path[]): Path[] => paths.map((path) => [step, ...path])

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
