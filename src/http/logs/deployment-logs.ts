/** The logs of one deployment, of all its containers as they come and go; alive while somebody looks. */
import { isAppError } from '../../errors.ts'
import type { KubePort, ResourceKey } from '../../ports/kube/port.ts'
import { followContainer, type LogUpstream } from './log-upstream.ts'
import { readableOf } from './readable-containers.ts'

export interface DeploymentLogs {
  /** Calls for each container that can be read, those of now at once. @returns how to stop listening */
  onUpstream(listener: (upstream: LogUpstream) => void): () => void
  /** Look again soon: something changed. */
  poke(): void
  stop(): void
}

interface Options {
  readonly kube: KubePort
  readonly key: ResourceKey
  /** Numbers sources within this process. */
  readonly nextNumber: () => number
  readonly onTrouble: (error: unknown) => void
}

/** New pods are not heard of but looked for. */
const LOOK_MS = 2_000

export function followDeployment({ kube, key, nextNumber, onTrouble }: Options): DeploymentLogs {
  const upstreams = new Map<string, LogUpstream>()
  const listeners = new Set<(upstream: LogUpstream) => void>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  let isLooking = false

  const look = async (): Promise<void> => {
    const readable = (await kube.listPods(key)).flatMap(readableOf)
    if (isStopped) return
    for (const each of readable) {
      if (upstreams.has(each.id)) continue
      const { id, ...identity } = each
      const source = { namespace: key.namespace, pod: each.pod, container: each.container }
      const announcement = { source: nextNumber(), ...identity }
      const upstream = followContainer({ kube, source, announcement, onTrouble })
      upstreams.set(id, upstream)
      for (const listener of listeners) listener(upstream)
    }
    forgetEnded(upstreams, new Set(readable.map(({ id }) => id)))
  }

  const lookAndPlan = async (): Promise<void> => {
    if (isLooking || isStopped) return
    isLooking = true
    clearTimeout(timer)
    try {
      await look()
    } catch (error) {
      if (!isAppError(error, 'CLUSTER_UNAVAILABLE')) onTrouble(error)
    } finally {
      isLooking = false
      if (!isStopped) timer = setTimeout(start, LOOK_MS)
    }
  }
  const start = (): void => void lookAndPlan().catch(onTrouble)

  start()
  return {
    onUpstream(listener) {
      listeners.add(listener)
      for (const upstream of upstreams.values()) listener(upstream)
      return () => void listeners.delete(listener)
    },
    poke: start,
    stop() {
      isStopped = true
      clearTimeout(timer)
      for (const upstream of upstreams.values()) upstream.stop()
    },
  }
}

/** What has ended and is no longer listed is forgotten; what could not be read and is still there is tried anew. */
function forgetEnded(upstreams: Map<string, LogUpstream>, present: ReadonlySet<string>): void {
  for (const [id, { ended }] of upstreams) {
    if (ended && (!present.has(id) || ended.kind === 'broken')) upstreams.delete(id)
  }
}
