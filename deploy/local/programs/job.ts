import type { Ticket } from './build-queue.ts'
import type { Downloads } from './downloads.ts'
import type { ProgramEvent } from './events.ts'
import type { GoTool } from './go-tool.ts'
import type { Program } from './program.ts'
import type { Reach } from './reach.ts'

/** What a source needs to know and may use while it gets one program. */
export interface Job {
  readonly name: string
  readonly version: string
  readonly program: Program
  /** Empty at first; what the source leaves in it becomes the cache's entry. */
  readonly folder: string
  /** Where the entry will be, for files that hold their own path. */
  readonly entry: string
  readonly cacheDir: string
  /** `deploy/local/`, to which the catalogue's paths are relative. */
  readonly localDir: string
  readonly env: NodeJS.ProcessEnv
  readonly path: string
  readonly signal: AbortSignal
  readonly ticket: Ticket
  readonly downloads: Downloads
  readonly go: GoTool
  readonly reach: Reach
  readonly report: (event: Progress) => void
  /** Another entry of the catalogue that this one is made with. */
  readonly need: (name: string) => Promise<string>
}

type Progress = Pick<
  ProgramEvent,
  'phase' | 'source' | 'receivedBytes' | 'totalBytes' | 'elapsedMs' | 'estimatedMs'
>
