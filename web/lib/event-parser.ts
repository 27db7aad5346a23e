/** One event of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface StreamEvent {
  name: string
  data: string
  /** The id of the last event that had one: where to go on after a break. */
  lastId: string
}

/**
 * Takes a text/event-stream in pieces as they come, cut anywhere, and gives the events that are complete.
 * The browser's own EventSource shows neither the status nor the body of a refusal, and takes no position to
 * go on from; hence this one, over fetch.
 */
export function createEventParser(): (chunk: string) => StreamEvent[] {
  let rest = ''
  let lastId = ''
  let name = ''
  let data: string[] = []

  const takeField = (line: string): void => {
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') name = value
    else if (field === 'data') data.push(value)
    else if (field === 'id' && !value.includes('\0')) lastId = value
  }

  const complete = (): StreamEvent[] => {
    const events = data.length === 0 ? [] : [{ name: name || 'message', data: data.join('\n'), lastId }]
    name = ''
    data = []
    return events
  }

  return (chunk) => {
    const text = rest + chunk
    // A carriage return at the end may be half of a line's end: it waits for the next piece.
    const lines = text.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    return lines.flatMap((line) => {
      if (line === '') return complete()
      takeField(line)
      return []
    })
  }
}
