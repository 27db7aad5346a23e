/** Logs of a deployment: `GET /api/deployments/:id/logs`, as server-sent events. */
import { z } from 'zod'

import { Dns1123Label, ServiceName } from '../../contract/names.ts'
import { wholeNumber } from '../../contract/text.ts'

/** The query of that address. */
export const LogQuery = z.object({
  service: ServiceName.optional(),
  pod: Dns1123Label.optional(),
  /** Lines of the past of each container; 0 is none. */
  tail: z.coerce
    .number()
    .pipe(wholeNumber('The number of lines', 0, 5000))
    .default(200),
  /** `false`: what is there, then the end. */
  follow: z.stringbool({ error: 'follow is true or false.' }).default(true),
  /** The log of the container before its last restart. */
  previous: z.stringbool({ error: 'previous is true or false.' }).default(false),
})
export type LogQuery = z.output<typeof LogQuery>

/** What the containers that ended again and again said last. */
export const LastLines = z.object({
  runs: z.array(
    z.object({
      service: ServiceName,
      pod: Dns1123Label,
      /** Runs of the container before this one. */
      restart: z.int(),
      /** Oldest first. */
      lines: z.array(z.string()),
      /** Lines are shortened or missing here. */
      isCut: z.boolean(),
    }),
  ),
})
export type LastLines = z.infer<typeof LastLines>

/** Where lines come from; announced once by an event `source`, and named by its number after. */
export const LogSourceEvent = z.object({
  source: z.int(),
  service: ServiceName,
  pod: Dns1123Label,
  podUid: z.string(),
  container: z.string(),
  restart: z.int(),
})
export type LogSourceEvent = z.infer<typeof LogSourceEvent>

/** [RFC 3339 with nanoseconds, ordinal among lines of that instant, text]. */
export const LogEntry = z.tuple([z.string(), z.int(), z.string()])
export type LogEntry = z.infer<typeof LogEntry>

/** Event `lines`: a batch of one source, oldest first. */
export const LogLinesEvent = z.object({ source: z.int(), lines: z.array(LogEntry) })
export type LogLinesEvent = z.infer<typeof LogLinesEvent>

/** Event `gap`: this viewer was too slow, and so many lines of the source are missing here. */
export const LogGapEvent = z.object({ source: z.int(), lines: z.int() })
export type LogGapEvent = z.infer<typeof LogGapEvent>

/** Event `end`: the source has ended, and why in a sentence; more may come from others. */
export const LogEndEvent = z.object({ source: z.int(), sentence: z.string() })
export type LogEndEvent = z.infer<typeof LogEndEvent>

/** Events of the stream by name. `ping` comes every 15 seconds and says nothing. */
export const LOG_EVENTS = {
  source: LogSourceEvent,
  lines: LogLinesEvent,
  gap: LogGapEvent,
  end: LogEndEvent,
  ping: z.object({}),
} as const
