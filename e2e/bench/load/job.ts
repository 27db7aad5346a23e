/** What a load generator is told, and what it answers. */

export interface Job {
  readonly port: number
  /** The request, byte by byte; of several one after the other, and each once. */
  readonly request: string | readonly string[]
  readonly connections: number
  readonly seconds: number
  /**
   * Requests a second at fixed times, whatever the answers take; without it each connection asks again as soon as it
   * has its answer, which tells what a server can do at most and nothing of how long one waits.
   */
  readonly perSecond?: number
}

/** Begins the job that was told last; separate from it, so that nobody measures what preparing takes. */
export const GO = 'go'

export interface Load {
  readonly requests: number
  /** Answers other than 200, and broken connections. */
  readonly failures: number
  readonly seconds: number
  /** Milliseconds from when a request was due to the end of its answer. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}
