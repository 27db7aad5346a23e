/**
 * Keeps in memory how every deployment fares in the cluster, and tells within this process what changed there. It
 * keeps a watch, not a state of its own: what is lost by a restart is read anew.
 */
import type { Logger } from 'pino'

import { LABELS } from '../contract/crd/meta.ts'
import type { UserDeployment } from '../contract/crd/user-deployment.ts'
import { DeploymentId, TeamId } from '../contract/ids.ts'
import type { Changes } from '../modules/deployments/changes.ts'
import type { ClusterState, Facts } from '../modules/deployments/facts.ts'
import type { KubePort, ResourceKey, UserDeploymentView } from '../ports/kube/port.ts'
import { createLoop, type Loop } from './loop.ts'

interface Options {
  readonly kube: KubePort
  readonly changes: Changes
  readonly log: Logger
  /** The cluster came (back). */
  readonly onLive: () => void
  /** A custom resource is gone. */
  readonly onGone: () => void
}

export interface FollowStatus extends Loop {
  readonly facts: Facts
}

/** Bookmarks come about once a minute when all is quiet. */
const QUIET_MS = 90_000
/** A watch that broke is begun again within a second or two. */
const BROKEN_MS = 5_000
const LOOK_MS = 500

const SAID: Readonly<Record<ClusterState, string>> = {
  live: 'the cluster is there',
  unreachable: 'the cluster is away',
  unprepared: 'the cluster does not define our kinds: deployments wait for them',
  absent: 'there is no cluster',
}

export function followStatus({ kube, changes, log, onLive, onGone }: Options): FollowStatus {
  /** Whom to tell of a resource that is gone. */
  const known = new Map<string, { id: DeploymentId; teamId: TeamId }>()
  let view: UserDeploymentView | undefined
  let state: ClusterState = 'unreachable'

  const onChange = (key: ResourceKey): void => {
    const name = `${key.namespace}/${key.name}`
    const resource = view?.get(key)
    const whose = resource ? whoseIs(resource) : known.get(name)
    if (resource && whose) known.set(name, whose)
    if (!resource) known.delete(name)
    if (whose) changes.emit(whose)
    if (!resource) onGone()
  }

  const open = (): UserDeploymentView => {
    const opened = kube.watchUserDeployments()
    opened.onChange(onChange)
    return opened
  }

  const look = async (): Promise<number> => {
    view ??= open()
    const now = stateOf(view)
    if (now === state) return 0
    state = now
    log.info({ cluster: state, because: view.freshness().reason }, SAID[state])
    changes.emit('everything')
    if (state === 'live') onLive()
    return 1
  }

  const loop = createLoop({ name: 'follow-status', periodMs: LOOK_MS, work: look, log })
  return {
    ...loop,
    facts: { cluster: () => state, of: (key) => view?.get(key), all: () => view?.list() ?? [] },
  }
}

function stateOf(view: UserDeploymentView): ClusterState {
  const { isSynced, ageMs, reason, isUndefined } = view.freshness()
  if (isUndefined) return 'unprepared'
  return isSynced && ageMs < (reason === undefined ? QUIET_MS : BROKEN_MS) ? 'live' : 'unreachable'
}

/** By its labels; undefined for a resource that somebody else made. */
function whoseIs({ metadata }: UserDeployment): { id: DeploymentId; teamId: TeamId } | undefined {
  const id = DeploymentId.safeParse(metadata.labels?.[LABELS.deploymentId])
  const teamId = TeamId.safeParse(metadata.labels?.[LABELS.teamId])
  return id.success && teamId.success ? { id: id.data, teamId: teamId.data } : undefined
}
