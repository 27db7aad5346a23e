/** One line as the node recorded it. */
export interface LogLine {
  /** RFC 3339 in UTC with nine digits: sorts as text. Empty before the first line that has one. */
  timestamp: string
  /** Counts lines of the same timestamp, from 0: with it, a line of one run of a container has one name for ever. */
  ordinal: number
  text: string
}

/** As the kubelet writes it on machines that run on UTC, which needs no converting. */
const UTC_LENGTH = '2026-11-22T15:14:20.123456789Z'.length
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/

/**
 * Knows which lines were seen. The API resumes at whole seconds, so the lines of the last second come again: those
 * before the last one seen are dropped, those with its very timestamp are counted.
 */
export class LogPosition {
  #last: { timestamp: string; count: number } | undefined
  /** Lines of the last timestamp seen again on this connection. */
  #repeated = 0
  #isCatchingUp = false
  #lastStamp = ''

  /** A new connection begins: what it sends first may be known. */
  reconnect(): void {
    this.#isCatchingUp = this.#last !== undefined
    this.#repeated = 0
  }

  /** The second to resume at, for `sinceTime`; nothing when no line was seen. */
  since(): string | undefined {
    return this.#last && `${this.#last.timestamp.slice(0, 19)}Z`
  }

  /** @returns the line; nothing when it was seen before */
  take(raw: string): LogLine | undefined {
    const { timestamp, text } = this.#split(raw)
    if (this.#isCatchingUp && this.#wasSeen(timestamp)) return undefined
    this.#isCatchingUp = false
    const ordinal = this.#last?.timestamp === timestamp ? this.#last.count : 0
    this.#last = timestamp === '' ? undefined : { timestamp, count: ordinal + 1 }
    return { timestamp, ordinal, text }
  }

  #wasSeen(timestamp: string): boolean {
    if (!this.#last || timestamp < this.#last.timestamp) return true
    if (timestamp > this.#last.timestamp) return false
    this.#repeated++
    return this.#repeated <= this.#last.count
  }

  #split(raw: string): { timestamp: string; text: string } {
    const space = raw.indexOf(' ')
    const stamp = normalised(space === -1 ? raw : raw.slice(0, space))
    // The node's own remarks ("unable to retrieve container logs") have no timestamp: they go with the line before.
    if (stamp === undefined) return { timestamp: this.#lastStamp, text: raw }
    this.#lastStamp = stamp
    return { timestamp: stamp, text: space === -1 ? '' : raw.slice(space + 1) }
  }
}

function normalised(stamp: string): string | undefined {
  const match = STAMP.exec(stamp)
  if (!match) return undefined
  const [, seconds = '', fraction = '', zone] = match
  if (zone === 'Z' && stamp.length === UTC_LENGTH) return stamp
  const utc = zone === 'Z' ? seconds : new Date(`${seconds}${zone}`).toISOString().slice(0, 19)
  return `${utc}.${fraction.padEnd(9, '0')}Z`
}
