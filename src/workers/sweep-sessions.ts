/** Removes sessions, sign-ins and limits that have ended: they open nothing any more, and are of no use. */
import { sweepSignIns } from '../modules/access/google-sign-in.ts'
import type { Ports } from '../ports/types.ts'
import { createLoop, type Loop, type LoopOptions } from './loop.ts'

interface Options extends Pick<LoopOptions, 'log' | 'onRun'> {
  readonly deps: Pick<Ports, 'sessions' | 'db' | 'clock'>
}

const PERIOD_MS = 10 * 60_000

export function sweepSessions({ deps, ...rest }: Options): Loop {
  return createLoop({
    name: 'sweep-sessions',
    periodMs: PERIOD_MS,
    work: async () => (await deps.sessions.deleteExpired()) + (await sweepSignIns(deps)),
    ...rest,
  })
}
