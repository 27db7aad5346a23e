/** Events of the log's stream as bytes, made once for all viewers. */
import type { z } from 'zod'

import type { LOG_EVENTS, LogEntry } from '../../modules/logs/schema.ts'

type Events = typeof LOG_EVENTS

/** One server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function frameOf<Name extends keyof Events>(
  name: Name,
  data: z.input<Events[Name]>,
  id?: string,
): Buffer {
  return Buffer.from(
    `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`,
  )
}

/** A batch, with the instant of its last line as the place to go on after a break. */
export const linesFrame = (source: number, lines: LogEntry[]): Buffer =>
  frameOf('lines', { source, lines }, lines.at(-1)?.[0])

export const PING: Buffer = frameOf('ping', {})
