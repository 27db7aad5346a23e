import type { Readable, Writable } from 'node:stream'

import type { Clock } from './clock.ts'

export interface ExecTarget {
  namespace: string
  pod: string
  container: string
}

/** In characters. */
export interface TerminalSize {
  columns: number
  rows: number
}

export interface ExecOptions {
  /** The program and its arguments; no shell reads it. */
  command: readonly string[]
  /** As at a terminal: one output for both, and signals by keys. */
  isTty?: boolean
  /** Of the terminal at first. */
  size?: TerminalSize
  /** Ends it; what waits for it then throws its reason. */
  signal?: AbortSignal
  clock?: Clock
}

/** A program that runs in a container for as long as this is open. */
export interface ExecProcess {
  /** Takes as much as the container takes, and says by `drain` when it takes more. Its end is the program's end of input. */
  readonly stdin: Writable
  /** What is not read holds the program up, and nothing is kept in memory instead. */
  readonly stdout: Readable
  /** Silent at a terminal. Elsewhere it must be read, or it holds `stdout` up too. */
  readonly stderr: Readable
  /**
   * The exit code, exactly; known when all output has been read.
   *
   * @throws {KubeError} it could not be started, or the connection was lost; the signal's reason
   */
  readonly exit: Promise<number>
  resize(size: TerminalSize): void
  /** Leaves it: a program at a terminal is hung up on. */
  close(): void
}
