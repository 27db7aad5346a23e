/**
 * The lines of a deployment's log, of all its pods together, in the order in which they were written. It is
 * filled thousands of times a second and read once a frame, so it lives outside of React's state.
 */

export interface LogSource {
  service: string
  pod: string
  podUid: string
  container: string
  restart: number
}

export interface LogLine {
  /** RFC 3339 with nanoseconds; the position in time. */
  at: string
  text: string
  source: LogSource
  /** `gap` and `end` are said by us, not by a program. */
  kind: 'line' | 'gap' | 'end'
}

/** As it comes: [instant, ordinal among lines of that instant, text]. */
export type RawLine = readonly [at: string, ordinal: number, text: string]

interface Options {
  /** How many lines are kept; the oldest go first. */
  capacity?: number
}

/** Go leaves zeros at the end of fractions out, so `.5Z` must come before `.51Z`: without the Z it does. */
const sortKey = (at: string): string => at.replace(/Z$/, '')

/** Colours and cursor movements of terminals: nothing here can show them. */
const TERMINAL_CODES = new RegExp(String.raw`${String.fromCodePoint(27)}\[[0-9;?]*[A-Za-z]`, 'g')

const isBefore = (a: LogLine, b: LogLine): boolean => sortKey(a.at) < sortKey(b.at)

const identity = ({ podUid, container, restart }: LogSource): string => `${podUid}/${container}/${restart}`

export class LogBuffer {
  /** Oldest first. */
  readonly lines: LogLine[] = []
  /** Rises with every change. */
  version = 0
  /** Lines that were taken out because of the capacity. */
  dropped = 0

  readonly #capacity: number
  readonly #sources = new Map<string, LogSource>()
  /** What came last of each source, so that a stream that begins anew repeats nothing. */
  readonly #last = new Map<string, { key: string; ordinal: number }>()

  readonly #ended = new Set<string>()

  constructor({ capacity = 100_000 }: Options = {}) {
    this.#capacity = capacity
  }

  /** Every source that was ever announced, in that order: what is new moves nothing that was there. */
  get sources(): LogSource[] {
    return [...this.#sources.values()]
  }

  /** Makes a source known; the same one again is the same object. */
  announce(source: LogSource): LogSource {
    const key = identity(source)
    const known = this.#sources.get(key)
    if (known) return known
    this.#sources.set(key, source)
    this.version += 1
    return source
  }

  /** Takes a batch of one source, oldest first. What has been here already is left out. */
  append(source: LogSource, batch: readonly RawLine[]): void {
    const fresh = batch.filter(([at, ordinal]) => this.#isNew(source, at, ordinal))
    this.#insert(
      fresh.map(([at, , text]) => ({ at, text: text.replaceAll(TERMINAL_CODES, ''), source, kind: 'line' })),
    )
  }

  /** Says something about a source after what came last. That it has ended is said once. */
  note(source: LogSource, kind: 'gap' | 'end', text: string): void {
    if (kind === 'end' && this.#ended.has(identity(source))) return
    if (kind === 'end') this.#ended.add(identity(source))
    this.#insert([{ at: this.lines.at(-1)?.at ?? '', text, source, kind }])
  }

  /** How many there ever were. */
  get total(): number {
    return this.dropped + this.lines.length
  }

  #isNew(source: LogSource, at: string, ordinal: number): boolean {
    const key = sortKey(at)
    const last = this.#last.get(identity(source))
    if (last && (key < last.key || (key === last.key && ordinal <= last.ordinal))) return false
    this.#last.set(identity(source), { key, ordinal })
    return true
  }

  #insert(batch: LogLine[]): void {
    const [first] = batch
    if (first === undefined) return
    const newest = this.lines.at(-1)
    if (newest === undefined || !isBefore(first, newest)) this.lines.push(...batch)
    else this.#mergeIntoTail(batch, first)
    this.#trim()
    this.version += 1
  }

  /** Another pod's past arrives after this one's present: both are sorted, and only what is younger moves. */
  #mergeIntoTail(batch: LogLine[], first: LogLine): void {
    const from = this.#firstAfter(first)
    const tail = this.lines.splice(from)
    let taken = 0
    for (const line of batch) {
      for (let next = tail[taken]; next && !isBefore(line, next); next = tail[taken]) {
        this.lines.push(next)
        taken += 1
      }
      this.lines.push(line)
    }
    for (const line of tail.slice(taken)) this.lines.push(line)
  }

  /** Index of the first line that is younger. */
  #firstAfter(line: LogLine): number {
    let [low, high] = [0, this.lines.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const candidate = this.lines[middle]
      if (candidate && isBefore(line, candidate)) high = middle
      else low = middle + 1
    }
    return low
  }

  /** In steps of a tenth, because each step moves all lines. */
  #trim(): void {
    const excess = this.lines.length - this.#capacity
    if (excess <= this.#capacity / 10) return
    this.lines.splice(0, excess)
    this.dropped += excess
  }
}

export interface LogFilter {
  /** Part of the text, in whatever case. */
  text: string
  /** Pods that are shown; all when empty. */
  pods: readonly string[]
}

/** The lines that are to be seen. What we say ourselves is always among them. */
export function filterLines(lines: readonly LogLine[], { text, pods }: LogFilter): readonly LogLine[] {
  const wanted = text.toLowerCase()
  if (wanted === '' && pods.length === 0) return lines
  return lines.filter(
    (line) =>
      (pods.length === 0 || pods.includes(line.source.pod)) &&
      (line.kind !== 'line' || wanted === '' || line.text.toLowerCase().includes(wanted)),
  )
}
