import type { ClusterApi } from './cluster-api.ts'
import type { ProgramName } from './programs/store.ts'
import type { Site } from './site.ts'

/** Environment variables by which Shipyard's server, operator and tests find a stack's parts. */
export type StackEnv = Readonly<Record<string, string>>

/**
 * One part of the local stack. Every part, be it a database or a kubelet, has this one shape; the
 * supervisor knows nothing else about it. The log is `logs/<name>.log` in the stack's folder.
 */
export interface Component {
  /** Kebab-case and unique; names the log file and the recorded process. */
  readonly name: string
  /** What people read while they wait: "Kubernetes API server". */
  readonly about: string
  /** Components that must be ready before this one starts. */
  readonly needs: readonly string[]
  /** Components that wait for this one wherever it runs; they do without it where it does not. */
  readonly before?: readonly string[]
  /**
   * The component whose process this one lives in (the node's namespaces): when that dies, this one is
   * gone as well and is started again after it. It counts as a need.
   */
  readonly within?: string
  /** Programs fetched or built before `start`; `start` gets their paths. */
  readonly programs?: readonly ProgramName[]
  /**
   * Writes what the process needs and answers with the command to keep alive, or with nothing for a
   * step that is done once (objects applied, images pushed). It may run again at any time: idempotent.
   */
  start(context: StartContext): Promise<Command | undefined>
  /** Once, as soon as the process is there; if it rejects, the process is ended and all begins again. */
  started?(context: StartContext, pid: number): Promise<void>
  /** Resolves once it serves; rejects with the reason while it does not. Asked again and again. */
  ready?(context: StartContext): Promise<void>
  /** Takes back what `start` made outside the stack's folder; must also work after a crash. */
  stop?(site: Site): Promise<void>
}

export interface StartContext {
  readonly site: Site
  /** The way into the stack's API server; of use to what needs the API server. */
  readonly cluster: ClusterApi
  /** Variables that lead to the stack's parts. */
  readonly env: StackEnv
  /** Ends waits when the stack is taken down. */
  readonly signal: AbortSignal
  /** Absolute path of a program that this component named in `programs`. */
  readonly program: (name: ProgramName) => string
  /** Pid of another component's process, as seen by the machine. Throws if it has none. */
  readonly pidOf: (component: string) => number
}

export interface Command {
  readonly path: string
  readonly args: readonly string[]
  /** Added to a minimal environment (PATH, HOME in the stack's folder, LANG). */
  readonly env?: Readonly<Record<string, string>>
  readonly uid?: number
  readonly gid?: number
  readonly cwd?: string
  /** `SIGTERM` unless the program wants another; `SIGKILL` follows after `graceMs` (default 3,000). */
  readonly stopSignal?: NodeJS.Signals
  readonly graceMs?: number
}
