import type { Clock } from './port.ts'

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Time passes: both clocks go forward. */
  advance(milliseconds: number): void
  /** The wall's clock is set, as an administrator or NTP does: the monotonic one takes no notice. */
  setWall(nowMs: number): void
}

/** @param startMs what the wall shows at first; by default 2026-01-01T00:00:00Z */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let wall = startMs
  let monotonic = 0
  return {
    nowMs: () => wall,
    monotonicMs: () => monotonic,
    advance(milliseconds) {
      if (milliseconds < 0) throw new Error('Time does not go backwards; use setWall.')
      wall += milliseconds
      monotonic += milliseconds
    },
    setWall(nowMs) {
      wall = nowMs
    },
  }
}
