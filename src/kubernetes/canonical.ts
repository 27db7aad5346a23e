import { hash } from 'node:crypto'

type Fields = Record<string, unknown>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether two values say the same as JSON, in whatever order their fields are: what is undefined is not there. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, at) => isSameJson(each, b[at]))
  return isFields(a) && isFields(b) && haveSame(a, b)
}

function haveSame(a: Fields, b: Fields): boolean {
  for (const name in a) if (!isSameJson(a[name], b[name])) return false
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false
  return true
}

/**
 * A short name for a value: 20 hexadecimal characters of the SHA-256 of its JSON. Fields count in their order: one
 * program writes equal things equally, and sorting them costs five times as much as all else.
 */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify(value)).slice(0, 20)
}
