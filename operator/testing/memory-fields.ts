/**
 * Fields of frozen objects: compared and merged so that what is equal stays the same object, which makes the next
 * comparison of it a glance.
 */
type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** With all that is in it. What is frozen already is taken to be so to the bottom. */
export function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const each of Object.values(value)) freeze(each)
}

/** As JSON sees it: what is undefined is not there. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, at) => isEqual(each, b[at]))
  return isFields(a) && isFields(b) && haveEqual(a, b)
}

function haveEqual(a: Fields, b: Fields): boolean {
  for (const name in a) if (!isEqual(a[name], b[name])) return false
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false
  return true
}

/** Lists are replaced as a whole. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isFields(over)) return isEqual(base, over) ? base : over
  if (!isFields(base)) return over
  const merged = Object.entries(over).map(([name, value]) => [name, merge(base[name], value)] as const)
  const isSame = merged.every(([name, value]) => value === base[name])
  return isSame ? base : { ...base, ...Object.fromEntries(merged) }
}

/** What was applied before and is not wanted any more, is taken away; what others set stays. */
export function without(value: unknown, applied: unknown, wanted: unknown): unknown {
  if (applied === wanted || !isFields(value) || !isFields(applied)) return value
  const still = isFields(wanted) ? wanted : {}
  const kept: Fields = {}
  for (const name in value)
    if (name in still || !(name in applied)) kept[name] = without(value[name], applied[name], still[name])
  return isEqual(kept, value) ? value : kept
}
