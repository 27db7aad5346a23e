/** Removes sessions that have ended: they open nothing any more, and their rows are of no use. */
import type { SessionsPort } from '../ports/sessions/port.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly sessions: SessionsPort
}

const PERIOD_MS = 10 * 60_000

export function sweepSessions({ sessions, ...rest }: Options): Loop {
  return createLoop({
    name: 'sweep-sessions',
    periodMs: PERIOD_MS,
    work: async () => sessions.deleteExpired(),
    ...rest,
  })
}
