/**
 * Pure: how a change of some keys becomes a new version in Vault, where no value can be read. A merge is always onto the
 * newest version, so it is right only if the keys that are kept have there the values that run (docs/decisions/061).
 */
import type { SecretKey } from '../../contract/names.ts'

/** Key → version with which it was last written. */
export type Origins = Readonly<Record<string, number>>

/** A version of a path, and what is known of its keys. */
export interface KnownVersion {
  readonly version: number
  readonly origins: Origins
}

/** What is set, or taken out. */
export type Changes = Readonly<Record<string, string | null>>

/** Where a key's value in this version comes from; as far as is known, from this version itself. */
export const originIn = ({ version, origins }: KnownVersion, key: string): number =>
  new Map(Object.entries(origins)).get(key) ?? version

/** All of these keys were written with this version. */
export const originsAt = (version: number, keys: readonly string[]): Origins =>
  Object.fromEntries(keys.map((key) => [key, version]))

interface Asked {
  readonly changes: Changes
  /** Keys that services get now. */
  readonly present: readonly SecretKey[]
  /** The version that runs; undefined: none. */
  readonly pinned: KnownVersion | undefined
  /** Undefined: nothing is known of what it holds. */
  readonly newest: KnownVersion | undefined
}

export type Plan =
  /** A whole version, or one merged onto the newest; `kept` is where the other keys come from. */
  | { readonly act: 'write' | 'merge'; readonly changes: Changes; readonly kept: Origins }
  /** The newest values of these keys are not those that run. */
  | { readonly act: 'refuse'; readonly differing: readonly SecretKey[] }
  /** Whether they are cannot be told. */
  | { readonly act: 'doubt' }

export function planVersion({ changes, present, pinned, newest }: Asked): Plan {
  const kept = present.filter((key) => !Object.hasOwn(changes, key))
  if (kept.length === 0) return { act: 'write', changes, kept: {} }
  if (!pinned || !newest) return { act: 'doubt' }
  const differing = kept.filter((key) => originIn(newest, key) !== originIn(pinned, key))
  if (differing.length > 0) return { act: 'refuse', differing }
  // What the newest version has besides is of a revision that does not run.
  const strays = Object.keys(newest.origins).filter((key) => !present.some((each) => each === key))
  return {
    act: 'merge',
    changes: { ...Object.fromEntries(strays.map((key) => [key, null])), ...changes },
    kept: Object.fromEntries(kept.map((key) => [key, originIn(newest, key)])),
  }
}
