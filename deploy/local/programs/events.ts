import type { ProgramName } from './catalogue.ts'

export type ProgramOrigin = 'setting' | 'path' | 'cache' | 'download' | 'build' | 'package'
type ProgramPhase = 'checking' | 'waiting' | 'downloading' | 'building' | 'ready' | 'failed'

/** One step of one program, for a progress bar. */
export interface ProgramEvent<Name extends string = ProgramName> {
  readonly name: Name
  /** Empty for a program whose version is not ours to know (a setting). */
  readonly version: string
  readonly phase: ProgramPhase
  /** Where it comes from, as far as that is decided. */
  readonly source: ProgramOrigin | null
  /** While downloading. `totalBytes` is null when the server does not say. */
  readonly receivedBytes?: number
  readonly totalBytes?: number | null
  /**
   * While building; when waiting for its turn, the estimate alone. It is corrected once it is seen whether Go's cache
   * is warm.
   */
  readonly elapsedMs?: number
  readonly estimatedMs?: number
  /** When failed: the sentence of the error. */
  readonly reason?: string
}
