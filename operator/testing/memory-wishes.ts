/**
 * What was last wanted in each place, with its text. Mostly the same is wanted again: to see that takes a fraction of
 * what writing the text takes, and what is the same object as before is compared at a glance from there on.
 */
import { keyOf, type KubeObject } from '../runtime/cluster.ts'

interface Wish {
  wanted: KubeObject
  /** Its JSON. */
  text: string
}

export class MemoryWishes {
  readonly #last = new Map<string, Wish>()

  /** @returns what is wanted, as the object that wanted it first, and its text */
  of<T extends KubeObject>(wanted: T): Wish & { wanted: T } {
    const slot = `${wanted.kind} ${keyOf(wanted.metadata)}`
    const known = this.#last.get(slot)
    if (known && isWrittenAlike(known.wanted, wanted)) return known as Wish & { wanted: T }
    const wish = { wanted, text: JSON.stringify(wanted) }
    this.#last.set(slot, wish)
    return wish
  }
}

/** True only for what has the same JSON, with its fields in the same order: one that is told in another is written. */
function isWrittenAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const names = Object.keys(a)
  const others = Object.keys(b)
  return (
    names.length === others.length &&
    names.every((name, at) => name === others[at] && isWrittenAlike((a as Fields)[name], (b as Fields)[name]))
  )
}

type Fields = Record<string, unknown>
