/**
 * Fields of frozen objects: compared and merged so that what is equal stays the same object, which makes the next
 * comparison of it a glance.
 */
import { isFields, isSameJson } from '../../src/kubernetes/canonical.ts'

/** With all that is in it. What is frozen already is taken to be so to the bottom. */
export function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const name in value) freeze((value as Record<string, unknown>)[name])
}

/** Lists are replaced as a whole. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isFields(over)) return isSameJson(base, over) ? base : over
  if (!isFields(base)) return over
  let merged: Record<string, unknown> | undefined
  for (const name in over) {
    const value = merge(base[name], over[name])
    if (value !== base[name]) (merged ??= { ...base })[name] = value
  }
  return merged ?? base
}

/** What was applied before and is not wanted any more, is taken away; what others set stays. */
export function without(value: unknown, applied: unknown, wanted: unknown): unknown {
  if (applied === wanted || !isFields(value) || !isFields(applied)) return value
  const still = isFields(wanted) ? wanted : {}
  const kept: Record<string, unknown> = {}
  for (const name in value)
    if (name in still || !(name in applied)) kept[name] = without(value[name], applied[name], still[name])
  return isSameJson(kept, value) ? value : kept
}
