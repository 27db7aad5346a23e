/** The time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970 by the wall: for stamps and expiry. It may jump. */
  nowMs(): number
  /** Milliseconds of a clock that only goes forward; its zero means nothing. For durations and deadlines. */
  monotonicMs(): number
}
