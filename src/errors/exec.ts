/** Errors about terminals in containers: parts of the catalogue, by status. */
import { entry, plain, plural } from './entry.ts'

export const EXEC_TIMEOUT = {
  TERMINAL_IDLE: entry<{ minutes: number }>(
    'TIMEOUT',
    ({ minutes }) =>
      `Nothing was typed or shown for ${plural(minutes, 'minute')}, so this terminal was closed. Open it again to go on.`,
  ),
  TERMINAL_TOO_LONG: entry<{ hours: number }>(
    'TIMEOUT',
    ({ hours }) =>
      `No terminal stays open for more than ${plural(hours, 'hour')}, so this one was closed. Open it again to go on.`,
  ),
} as const

export const EXEC_CONFLICT = {
  NOTHING_RUNS: entry<{ service: string }>(
    'CONFLICT',
    ({ service }) =>
      `No pod of ${service} runs at the moment. Look at the overview for the reason, and open the terminal when one runs.`,
  ),
} as const

export const EXEC_REFUSED = {
  PROGRAM_MISSING: plain(
    'UNPROCESSABLE_CONTENT',
    'This image has no shell, so there is nothing to open a terminal with. Look at the logs instead, or choose an image that has one.',
  ),
} as const

export const EXEC_TOO_MANY = {
  TOO_MANY_TERMINALS: entry<{ limit: number }>(
    'TOO_MANY_REQUESTS',
    ({ limit }) =>
      `You have ${plural(limit, 'terminal')} open, and more are not allowed. Close one, then try again.`,
  ),
} as const
