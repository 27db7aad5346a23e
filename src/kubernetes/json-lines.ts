import { withoutManagedFields } from './cut-bookkeeping.ts'
import { LineSplitter, MalformedStreamError } from './line-splitter.ts'

/**
 * The objects of a stream that has one on each line, parsed one at a time, without their managed fields. A last line
 * without an end is dropped: the connection was cut inside it.
 *
 * @throws {MalformedStreamError} a line that is no JSON, or that grows without end
 */
export async function* jsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<unknown, void, undefined> {
  const splitter = new LineSplitter()
  for await (const chunk of chunks) {
    for (const line of splitter.push(chunk)) {
      if (line.length > 0) yield parseLine(line)
    }
  }
}

function parseLine(line: Buffer): unknown {
  const text = withoutManagedFields(line)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new MalformedStreamError(`A line of the stream is no JSON: ${text.slice(0, 100)}`, { cause })
  }
}
