import { refOf, type ObjectKey } from '../../src/kubernetes/object.ts'

interface Entry {
  member: string
  isGone: boolean
}

/** First in, first out, each member once. (A Set shifted from its front gets slower with every hole it leaves.) */
class Fifo {
  readonly #entries = new Map<string, Entry>()
  #order: Entry[] = []
  #head = 0

  get size(): number {
    return this.#entries.size
  }

  push(member: string): void {
    if (this.#entries.has(member)) return
    const entry = { member, isGone: false }
    this.#entries.set(member, entry)
    this.#order.push(entry)
  }

  /** Its place is passed over later; if it is pushed again it stands at the back. */
  remove(member: string): void {
    const entry = this.#entries.get(member)
    if (entry) entry.isGone = true
    this.#entries.delete(member)
  }

  shift(): string | undefined {
    for (let entry = this.#next(); entry; entry = this.#next()) {
      if (entry.isGone) continue
      this.#entries.delete(entry.member)
      return entry.member
    }
    return undefined
  }

  #next(): Entry | undefined {
    const entry = this.#order[this.#head++]
    // Gives back what was passed, once that is most of the list.
    const isMostlyPassed = this.#head > 1024 && this.#head * 2 > this.#order.length
    if (isMostlyPassed || !entry) {
      this.#order = this.#order.slice(this.#head)
      this.#head = 0
    }
    return entry
  }
}

/**
 * A line of keys in which namespaces take turns: first in, first out within each, one key of each in a round. All
 * operations take the same time however long it is.
 */
export class FairLine {
  readonly #lines = new Map<string, Fifo>()
  /** Namespaces that have keys, in the order of their next turn. */
  readonly #round = new Fifo()

  push(key: ObjectKey): void {
    const namespace = refOf(key).namespace ?? ''
    const line = this.#lines.get(namespace) ?? new Fifo()
    line.push(key)
    this.#lines.set(namespace, line)
    this.#round.push(namespace)
  }

  remove(key: ObjectKey): void {
    const namespace = refOf(key).namespace ?? ''
    const line = this.#lines.get(namespace)
    line?.remove(key)
    if (line?.size === 0) this.#end(namespace)
  }

  shift(): ObjectKey | undefined {
    const namespace = this.#round.shift()
    const line = namespace === undefined ? undefined : this.#lines.get(namespace)
    if (namespace === undefined || !line) return undefined
    const key = line.shift()
    // To the back of the round.
    if (line.size > 0) this.#round.push(namespace)
    else this.#end(namespace)
    return key
  }

  #end(namespace: string): void {
    this.#lines.delete(namespace)
    this.#round.remove(namespace)
  }
}
