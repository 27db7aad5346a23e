const NEWLINE = 0x0a
/** The API server refuses objects of a tenth of this. */
const MAX_LINE_BYTES = 32 * 1024 * 1024

/** What came was not what the protocol says. The stream is given up and begun again. */
export class MalformedStreamError extends Error {
  override readonly name = 'MalformedStreamError'
}

/** Cuts bytes into lines as they arrive, without copying those that lie within one chunk. */
export class LineSplitter {
  #parts: Buffer[] = []
  #bytes = 0

  /**
   * @returns the lines that became whole with this chunk, without their ends
   * @throws {MalformedStreamError} a line that grows without end
   */
  push(chunk: Buffer): Buffer[] {
    const found: Buffer[] = []
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const rest = chunk.subarray(start, end)
      found.push(this.#parts.length === 0 ? rest : this.#joined(rest))
      start = end + 1
    }
    if (start < chunk.length) {
      this.#parts.push(chunk.subarray(start))
      this.#bytes += chunk.length - start
      if (this.#bytes > MAX_LINE_BYTES) throw new MalformedStreamError('A line of the stream does not end.')
    }
    return found
  }

  /** What came after the last end of a line; empty when nothing did. */
  rest(): Buffer {
    return this.#joined(Buffer.alloc(0))
  }

  #joined(last: Buffer): Buffer {
    const whole = Buffer.concat([...this.#parts, last])
    this.#parts = []
    this.#bytes = 0
    return whole
  }
}
