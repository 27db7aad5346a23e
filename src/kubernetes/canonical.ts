import { hash } from 'node:crypto'

/** JSON with sorted keys and without what is `undefined`: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((member) => canonicalJson(member ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`)
  return `{${fields.join(',')}}`
}

/**
 * A short name for a value: 20 hexadecimal characters of the SHA-256 of its JSON. Fields count in their order: one
 * program writes equal things equally, and sorting them costs five times as much as all else.
 */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify(value)).slice(0, 20)
}
