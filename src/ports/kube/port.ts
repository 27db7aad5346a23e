import type { Readable, Writable } from 'node:stream'

import type { OwnedKind } from '../../contract/crd/owned-kinds.ts'
import type { UserDeployment } from '../../contract/crd/user-deployment.ts'
import type { Dns1123Label, Namespace, ResourceName } from '../../contract/names.ts'

/** Where a custom resource lives. */
export interface ResourceKey {
  readonly namespace: Namespace
  readonly name: ResourceName
}

export interface AppliedResource {
  readonly uid: string
  /** Counted up by the API server with every change of the spec. */
  readonly generation: number
  readonly resourceVersion: string
}

export interface ContainerState {
  readonly name: string
  readonly isReady: boolean
  readonly restarts: number
  /** `waiting` with a reason such as `ImagePullBackOff`; `terminated` with an exit code. */
  readonly state: 'waiting' | 'running' | 'terminated' | 'unknown'
  readonly reason?: string
  readonly message?: string
  readonly exitCode?: number
}

/** What people want to know of one pod of a deployment. */
export interface PodSummary {
  readonly name: Dns1123Label
  readonly uid: string
  /** Name of the service in the spec. */
  readonly service: string
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
  readonly isReady: boolean
  readonly isTerminating: boolean
  readonly createdAt: Date
  /** Why the pod as a whole does not run, e.g. `Unschedulable` with the scheduler's message. */
  readonly reason?: string
  readonly message?: string
  readonly containers: readonly ContainerState[]
}

/** A container of a pod. */
export interface LogSource {
  readonly namespace: Namespace
  readonly pod: Dns1123Label
  readonly container: Dns1123Label
}

export interface FollowLogOptions {
  /** How many lines of the past come first; 0 is none, absent is all that the node still has. */
  readonly tailLines?: number
  /** The timestamp of a line, to go on after: lines of its second come again, and are known by their ids. */
  readonly sinceTime?: string
  /** Read what is there and end, instead of waiting for more. */
  readonly once?: boolean
  /** The log of the container's run before this one. */
  readonly previous?: boolean
  /** Ends after about so many bytes, the older lines first. */
  readonly limitBytes?: number
  /** Ends the reading; what is thrown then is its reason. */
  readonly signal: AbortSignal
}

/** One line as the node recorded it. */
export interface LogLine {
  /** RFC 3339 in UTC with nine digits: sorts as text. */
  readonly timestamp: string
  /** Counts lines of the same timestamp, from 0. */
  readonly ordinal: number
  readonly text: string
}

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

export interface ExecOptions {
  /** The program and its arguments; no shell reads it. */
  readonly command: readonly string[]
  /** As at a terminal: both outputs in one, and signals by keys. */
  readonly isTty?: boolean
  /** Of the terminal at first. */
  readonly size?: TerminalSize
  /** Ends it; what waits for it then throws its reason. */
  readonly signal: AbortSignal
}

/** A program in a container, for as long as somebody is connected to it. */
export interface RunningProgram {
  /** Its end is the end of the program's input. */
  readonly stdin: Writable
  /** What is not read holds the program up. */
  readonly stdout: Readable
  /** Silent at a terminal; elsewhere it must be read too. */
  readonly stderr: Readable
  /**
   * Its exit code, known when all output has been read. `PROGRAM_MISSING` when the image has no such program,
   * `NOT_FOUND` when the container is gone, `CLUSTER_UNAVAILABLE` when the connection broke.
   */
  readonly exit: Promise<number>
  resize(size: TerminalSize): void
  /** Leaves it; at a terminal it is hung up on. */
  close(): void
}

/** The latest of every custom resource, in memory: a list that is kept up to date by a watch. */
export interface UserDeploymentView {
  get(key: ResourceKey): UserDeployment | undefined
  list(): readonly UserDeployment[]
  /**
   * Calls, at once and synchronously, with the key of whatever appeared, changed or went away (`get` tells which).
   * States in between may be skipped. Answers the way to stop.
   */
  onChange(listener: (key: ResourceKey) => void): () => void
  freshness(): Freshness
}

interface Freshness {
  /** The first list has been read: before that, absence means nothing. */
  readonly isSynced: boolean
  /** Since the watch last said anything, which is about once a minute when all is quiet; infinite before that. */
  readonly ageMs: number
  /** Why it is not (or no longer) followed; nothing while it is. */
  readonly reason?: string
  /** The cluster answers, and does not define the kind. */
  readonly isUndefined?: true
}

export type DryRunResult =
  | { readonly isAccepted: true }
  | { readonly isAccepted: false; readonly sentence: string }

export interface KubeHealth {
  readonly isHealthy: boolean
  /** A sentence for the log and for `/readyz`; nothing when healthy. */
  readonly reason?: string
}

export interface DeleteOptions {
  /** Deletes only this very object: a namesake that was made since stays. */
  readonly uid?: string
  /** Called with the resource right before it is deleted, in this very version; what it throws ends the call. */
  readonly before?: (resource: DeletedResource) => Promise<void>
}

/** As it came: another version of the operator may have written the status. */
export interface DeletedResource {
  readonly metadata: { readonly uid?: string; readonly creationTimestamp?: string }
  readonly status?: unknown
}

export interface OwnedRef {
  readonly kind: OwnedKind
  /** Undefined: a namespace. */
  readonly namespace: string | undefined
  readonly name: string
}

/** What is known of an object that carries our label. */
export interface OwnedObject extends OwnedRef {
  readonly uid: string
  readonly resourceVersion: string
  /** By the cluster's clock. */
  readonly createdAt: Date
  readonly isTerminating: boolean
  /** It goes by itself when its owner goes. */
  readonly hasOwner: boolean
  readonly labels: Readonly<Record<string, string>>
}

/**
 * What the server does in the cluster: it writes custom resources and the labelled namespace they live in, and
 * reads how they fare. It makes no Deployment, Service or Ingress: that is the operator's.
 *
 * Every call but the streams ends within the adapter's time-out. Errors: `CLUSTER_UNAVAILABLE` (503) when the
 * API server cannot be reached, is overloaded, or has no such kind or namespace (yet); `CLUSTER_REFUSED` (422)
 * when it refuses an object, with its reason in the private context.
 */
export interface KubePort {
  /** Makes the namespace, or adds these labels to it; labels of others stay. */
  ensureNamespace(namespace: Namespace, labels: Readonly<Record<string, string>>): Promise<void>
  /** Server-side apply with the server's field manager; takes back fields that others changed in the spec. */
  applyUserDeployment(resource: UserDeployment): Promise<AppliedResource>
  /**
   * Asks for deletion; `absent` when there is none (any more). The resource stays, marked as being deleted, until
   * all objects that belong to it are gone.
   */
  deleteUserDeployment(key: ResourceKey, options?: DeleteOptions): Promise<'deleting' | 'absent'>
  /** The shared view; started at the first call, kept until `close`. */
  watchUserDeployments(): UserDeploymentView
  /** The pods of a deployment, oldest first. */
  listPods(key: ResourceKey): Promise<readonly PodSummary[]>
  /**
   * Lines in batches as they come, none twice, until the container has ended; a broken connection is taken up again
   * where it was. A pod or container that is not there, or has not been started: `NOT_FOUND`.
   */
  followLog(source: LogSource, options: FollowLogOptions): AsyncIterable<readonly LogLine[]>
  /**
   * Runs a program in a container that runs. A pod or container that is not there: `NOT_FOUND`, here or as the exit.
   */
  exec(source: LogSource, options: ExecOptions): Promise<RunningProgram>
  /** All that carries our label in the whole cluster, of the kinds above. */
  listOwned(): Promise<readonly OwnedObject[]>
  /** One of them as it is now; undefined when it is not there, or not ours. */
  findOwned(ref: OwnedRef): Promise<OwnedObject | undefined>
  /** Deletes exactly what was seen: `changed` when it is another object, or another version, by now. */
  deleteOwned(object: OwnedObject): Promise<'deleting' | 'absent' | 'changed'>
  /** Whether the API server would take the resource, with everything that admits or refuses there. */
  dryRun(resource: UserDeployment): Promise<DryRunResult>
  /** One cheap question to the API server. Never throws. */
  health(): Promise<KubeHealth>
  /** Ends the watch, the followed logs and the connections. */
  close(): Promise<void>
}
