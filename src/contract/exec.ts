/**
 * Terminals: `GET /api/deployments/:id/exec`, a WebSocket. What is typed and shown goes as binary messages, the rest
 * as texts of JSON (docs/decisions/058). Who receives bytes says how many were taken, in both directions.
 */
import { z } from 'zod'

import { EXEC_WINDOW_BYTES } from './byte-window.ts'
import { Dns1123Label, ServiceName } from './names.ts'
import { wholeNumber } from './text.ts'

const side = (what: string) => wholeNumber(`The number of ${what}`, 1, 1000)

/** The query of that address. */
export const ExecQuery = z.object({
  /** Of its pods the newest one that is ready; of all services when missing. */
  service: ServiceName.optional(),
  /** This pod, ready or not. */
  pod: Dns1123Label.optional(),
  columns: z.coerce.number().pipe(side('columns')).default(80),
  rows: z.coerce.number().pipe(side('rows')).default(24),
})
export type ExecQuery = z.output<typeof ExecQuery>

/** What the client says besides what is typed, and not before `opened`. */
export const ExecClientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resize'), columns: side('columns'), rows: side('rows') }),
  /** So many bytes of what was shown have been read. */
  z.object({
    type: z.literal('taken'),
    bytes: z
      .int()
      .min(0)
      .max(EXEC_WINDOW_BYTES * 2),
  }),
])
export type ExecClientMessage = z.infer<typeof ExecClientMessage>

/** What the server says besides what is shown. */
export const ExecServerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), service: ServiceName, pod: Dns1123Label, container: z.string() }),
  /** So many bytes of what was typed have gone to the container. */
  z.object({ type: z.literal('taken'), bytes: z.int() }),
  /** Something that people should know; the terminal goes on. */
  z.object({ type: z.literal('notice'), sentence: z.string() }),
  /** The shell has ended. Nothing follows. */
  z.object({ type: z.literal('exit'), code: z.int() }),
  /** It was ended, or could not be opened: an error of docs/errors.md. Nothing follows. */
  z.object({
    type: z.literal('ended'),
    code: z.string(),
    sentence: z.string(),
    requestId: z.string().optional(),
  }),
])
export type ExecServerMessage = z.infer<typeof ExecServerMessage>

/** A pod in which a terminal can be opened. */
export const ExecPod = z.object({
  pod: Dns1123Label,
  service: ServiceName,
  isReady: z.boolean(),
})
export type ExecPod = z.infer<typeof ExecPod>
