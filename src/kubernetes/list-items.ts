/**
 * Reads a list (`{"kind": "PodList", "metadata": {…}, "items": [{…}, …]}`) object by object from its bytes, so that a
 * page of many megabytes never stands in memory whole and never holds up the event loop.
 */
import { withoutManagedFields } from './cut-bookkeeping.ts'
import { MalformedStreamError } from './line-splitter.ts'

export interface ListMetadata {
  resourceVersion?: string
  continue?: string
  remainingItemCount?: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** Where objects are cut out: the members of `items`, and `metadata`. */
type Cut = 'item' | 'metadata'

/**
 * Cuts objects out of a list's bytes as they arrive, without their managed fields. It looks at nesting and strings only;
 * JSON.parse does the rest.
 */
export class ListScanner {
  /** The list's own metadata, once it has gone by. */
  metadata: ListMetadata | undefined
  /** The outermost brace was closed: nothing is missing. */
  isComplete = false

  #depth = 0
  #isInString = false
  #isEscaped = false
  /** The last string at the top level: the key, when a value begins. */
  #key = ''
  #isInItems = false
  #cut: Cut | undefined
  /** What belongs to the string or object that is under way, from earlier chunks. */
  #parts: Buffer[] = []
  /** Where in this chunk it begins. */
  #from = 0

  /** @returns the items that became whole with this chunk */
  push(chunk: Buffer): unknown[] {
    const items: unknown[] = []
    this.#from = 0
    for (let at = 0; at < chunk.length; at++) {
      if (this.#isInString) at = this.#string(chunk, at)
      else this.#structure(chunk, at, items)
    }
    const isUnderWay = this.#cut !== undefined || (this.#isInString && this.#depth === 1)
    if (isUnderWay) this.#parts.push(chunk.subarray(this.#from))
    return items
  }

  #structure(chunk: Buffer, at: number, items: unknown[]): void {
    const byte = chunk[at]
    if (byte === QUOTE) {
      this.#isInString = true
      if (this.#depth === 1) this.#from = at + 1
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (this.#opens(byte)) this.#from = at
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      const cut = this.#closes()
      if (cut !== undefined) this.#keep(cut, this.#take(chunk, at + 1), items)
    }
  }

  /** @returns where the string ends, or the chunk */
  #string(chunk: Buffer, at: number): number {
    const end = this.#endOfString(chunk, at)
    if (!this.#isInString && this.#depth === 1) this.#key = this.#take(chunk, end).toString('utf8')
    return end
  }

  /** @returns where the closing quote is; the chunk's length when the string goes on */
  #endOfString(chunk: Buffer, at: number): number {
    let from = this.#isEscaped ? at + 1 : at
    this.#isEscaped = false
    for (;;) {
      const quote = chunk.indexOf(QUOTE, from)
      const end = quote === -1 ? chunk.length : quote
      let backslashes = 0
      while (end - backslashes > from && chunk[end - backslashes - 1] === BACKSLASH) backslashes++
      const isEscaped = backslashes % 2 === 1
      if (quote === -1) this.#isEscaped = isEscaped
      else if (!isEscaped) this.#isInString = false
      if (quote === -1 || !isEscaped) return end
      from = quote + 1
    }
  }

  /** @returns whether something that is wanted whole begins here */
  #opens(byte: number): boolean {
    this.#depth++
    if (this.#depth === 2 && byte === OPEN_BRACKET) this.#isInItems = this.#key === 'items'
    if (this.#depth === 2 && byte === OPEN_BRACE && this.#key === 'metadata') this.#cut = 'metadata'
    else if (this.#depth === 3 && this.#isInItems) this.#cut = 'item'
    else return false
    return true
  }

  /** @returns what ended here, if it is wanted */
  #closes(): Cut | undefined {
    this.#depth--
    if (this.#depth === 0) this.isComplete = true
    if (this.#depth === 1) this.#isInItems = false
    const ended =
      (this.#cut === 'item' && this.#depth === 2) || (this.#cut === 'metadata' && this.#depth === 1)
    if (!ended) return undefined
    const cut = this.#cut
    this.#cut = undefined
    return cut
  }

  #take(chunk: Buffer, to: number): Buffer {
    const last = chunk.subarray(this.#from, to)
    const whole = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last])
    this.#parts = []
    return whole
  }

  #keep(cut: Cut, bytes: Buffer, items: unknown[]): void {
    const text = withoutManagedFields(bytes)
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (cause) {
      throw new MalformedStreamError(`A list holds what is no JSON: ${text.slice(0, 100)}`, { cause })
    }
    if (cut === 'item') items.push(value)
    else this.metadata = value as ListMetadata
  }
}

/**
 * The items of a list, one by one.
 *
 * @returns the list's metadata
 * @throws {MalformedStreamError} the list is cut off or no list
 */
export async function* listItems(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<unknown, ListMetadata, undefined> {
  const scanner = new ListScanner()
  for await (const chunk of chunks) yield* scanner.push(chunk)
  if (!scanner.isComplete) throw new MalformedStreamError('A list was cut off.')
  return scanner.metadata ?? {}
}
