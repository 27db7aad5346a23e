/** Server-sent events from text that comes in pieces (https://html.spec.whatwg.org/multipage/server-sent-events.html). */

export interface ServerSentEvent {
  readonly name: string
  readonly data: string
  /** Id of the last event that had one. */
  readonly lastId: string
}

/** @returns a function that takes pieces, cut anywhere, and gives the events that are complete */
export function createEventParser(): (piece: string) => ServerSentEvent[] {
  let rest = ''
  let lastId = ''
  let name = ''
  let data: string[] = []

  const takeField = (line: string): void => {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (field === 'event') name = value
    if (field === 'data') data.push(value)
    if (field === 'id') lastId = value
  }

  const takeLine = (line: string): ServerSentEvent[] => {
    if (line !== '') {
      takeField(line)
      return []
    }
    const event = { name: name || 'message', data: data.join('\n'), lastId }
    const isEmpty = data.length === 0
    name = ''
    data = []
    return isEmpty ? [] : [event]
  }

  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    return lines.flatMap(takeLine)
  }
}

/** The events of a body, until it ends. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const parse = createEventParser()
  const decoder = new TextDecoder()
  for await (const piece of body) yield* parse(decoder.decode(piece, { stream: true }))
}
