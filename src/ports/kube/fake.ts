import { isDeepStrictEqual } from 'node:util'
import { UserDeployment, UserDeploymentStatus } from '../../contract/crd/user-deployment.ts'
import type { Namespace } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Clock } from '../clock/port.ts'
import { FakeExec, type FakeProgram } from './fake-exec.ts'
import { FakeLogs } from './fake-logs.ts'
import { FakeOwned } from './fake-owned.ts'
import type {
  KubePort,
  LogLine,
  LogSource,
  OwnedObject,
  PodSummary,
  ResourceKey,
  UserDeploymentView,
} from './port.ts'

/**
 * A cluster in memory, for unit tests: it keeps what it is given and runs nothing. What an operator and a kubelet
 * would do, the test does by the further doors.
 */
export interface FakeKube extends KubePort {
  /** From now on every call finds the cluster away (or back again). */
  setDown(isDown: boolean): void
  labelsOf(namespace: Namespace): Readonly<Record<string, string>> | undefined
  /** As the operator writes it. */
  setStatus(key: ResourceKey, status: Partial<UserDeploymentStatus>): void
  /** The last object that belonged to it is gone, so a resource that is being deleted goes too. */
  finishDeletion(key: ResourceKey): void
  /** An object that carries labels, of any kind but a custom resource; or another version of it. */
  putOwned: FakeOwned['put']
  /** Adds a pod to a deployment, or replaces the one of that name. */
  putPod(key: ResourceKey, pod: PodSummary): void
  /** A line of a container, to whoever follows it and whoever asks later. */
  writeLog(source: LogSource, line: Omit<LogLine, 'ordinal'>): void
  /** The container has ended. */
  endLog(source: LogSource): void
  /** Programs that were started in containers, in their order. */
  readonly programs: readonly FakeProgram[]
  /** What `exec` throws from now on, instead of starting a program. */
  refuseExec(error: Error | undefined): void
}

const textOf = ({ namespace, name }: ResourceKey): string => `${namespace}/${name}`

const keyOf = ({ metadata }: UserDeployment): ResourceKey =>
  ({ namespace: metadata.namespace, name: metadata.name }) as ResourceKey

/** What lives in the fake cluster. */
class State {
  readonly namespaces = new Map<string, Record<string, string>>()
  readonly resources = new Map<string, UserDeployment>()
  readonly pods = new Map<string, Map<string, PodSummary>>()
  readonly logs = new FakeLogs()
  readonly exec = new FakeExec()
  readonly owned = new FakeOwned()
  readonly listeners = new Set<(key: ResourceKey) => void>()
  readonly clock: Clock
  isDown = false
  heardAtMs: number
  #version = 0

  /** @param clock stamps what is made and deleted */
  constructor(clock: Clock) {
    this.clock = clock
    this.heardAtMs = clock.monotonicMs()
  }

  reach(): void {
    if (this.isDown) fail('CLUSTER_UNAVAILABLE', {}, { because: 'the fake is set down' })
  }

  stamp(): string {
    return new Date(this.clock.nowMs()).toISOString()
  }

  tell(key: ResourceKey): void {
    for (const listener of this.listeners) listener(key)
  }

  store(key: ResourceKey, resource: UserDeployment): UserDeployment {
    this.#version++
    const stored = { ...resource, metadata: { ...resource.metadata, resourceVersion: String(this.#version) } }
    this.resources.set(textOf(key), stored)
    this.tell(key)
    return stored
  }

  /** What the schema says; nothing when the resource would be taken. */
  refusal(resource: UserDeployment): string | undefined {
    const { namespace = '' } = resource.metadata
    if (!this.namespaces.has(namespace)) {
      fail('CLUSTER_UNAVAILABLE', {}, { because: `there is no namespace ${namespace}` })
    }
    const { error } = UserDeployment.safeParse(resource)
    return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  }
}

/** @param clock stamps what is made and deleted. */
export function createFakeKube(clock: Clock): FakeKube {
  const state = new State(clock)
  return { ...portOf(state), ...doorsOf(state) }
}

function portOf(state: State): KubePort {
  return {
    async ensureNamespace(namespace, labels) {
      state.reach()
      const all = { ...state.namespaces.get(namespace), ...labels }
      state.namespaces.set(namespace, all)
      const createdAt = new Date(state.clock.nowMs())
      state.owned.put({ kind: 'Namespace', namespace: undefined, name: namespace, labels: all, createdAt })
    },
    async applyUserDeployment(resource) {
      state.reach()
      const because = state.refusal(resource)
      if (because !== undefined) fail('CLUSTER_REFUSED', {}, { because })
      const key = keyOf(resource)
      const wanted = applied(state.resources.get(textOf(key)), resource, state.stamp())
      const { metadata } = wanted.metadata.resourceVersion === undefined ? state.store(key, wanted) : wanted
      const { uid = '', generation = 0, resourceVersion = '' } = metadata
      return { uid, generation, resourceVersion }
    },
    async deleteUserDeployment(key, { uid, before } = {}) {
      state.reach()
      const found = state.resources.get(textOf(key))
      if (!found || (uid !== undefined && found.metadata.uid !== uid)) return 'absent'
      await before?.(found)
      const metadata = { ...found.metadata, deletionTimestamp: state.stamp() }
      if (found.metadata.deletionTimestamp === undefined) state.store(key, { ...found, metadata })
      return 'deleting'
    },
    watchUserDeployments: () => viewOf(state),
    async listPods(key) {
      state.reach()
      const found = [...(state.pods.get(textOf(key))?.values() ?? [])]
      return found.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    },
    followLog: (source, options) => state.logs.follow(source, options, () => state.reach()),
    async exec(source, options) {
      state.reach()
      return state.exec.start(source, options)
    },
    ...ownedPortOf(state),
    async dryRun(resource) {
      state.reach()
      const sentence = state.refusal(resource)
      return sentence === undefined ? { isAccepted: true } : { isAccepted: false, sentence }
    },
    health: async () =>
      state.isDown ? { isHealthy: false, reason: 'The cluster does not answer.' } : { isHealthy: true },
    close: async () => state.listeners.clear(),
  }
}

function ownedPortOf(state: State): Pick<KubePort, 'listOwned' | 'findOwned' | 'deleteOwned'> {
  const list = (): OwnedObject[] => {
    state.reach()
    return state.owned.list(state.resources.values())
  }
  const find: KubePort['findOwned'] = async ({ kind, namespace, name }) =>
    list().find((each) => each.kind === kind && each.namespace === namespace && each.name === name)
  return {
    listOwned: async () => list(),
    findOwned: find,
    async deleteOwned(object) {
      const live = await find(object)
      if (!live) return 'absent'
      if (live.uid !== object.uid || live.resourceVersion !== object.resourceVersion) return 'changed'
      state.owned.remove(object)
      state.namespaces.delete(object.kind === 'Namespace' ? object.name : '')
      const key = { namespace: object.namespace, name: object.name } as ResourceKey
      const resource = object.kind === 'UserDeployment' ? state.resources.get(textOf(key)) : undefined
      const deletionTimestamp = state.stamp()
      if (resource) state.store(key, { ...resource, metadata: { ...resource.metadata, deletionTimestamp } })
      return 'deleting'
    },
  }
}

function viewOf(state: State): UserDeploymentView {
  const { clock, listeners, resources } = state
  return {
    get: (key) => resources.get(textOf(key)),
    list: () => [...resources.values()],
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    freshness() {
      if (!state.isDown) return { isSynced: true, ageMs: 0 }
      const ageMs = clock.monotonicMs() - state.heardAtMs
      return { isSynced: true, ageMs, reason: 'The cluster does not answer.' }
    },
  }
}

function doorsOf(state: State): Omit<FakeKube, keyof KubePort> {
  return {
    setDown(isDown) {
      state.heardAtMs = state.clock.monotonicMs()
      state.isDown = isDown
    },
    labelsOf: (namespace) => state.namespaces.get(namespace),
    setStatus(key, status) {
      const found = state.resources.get(textOf(key))
      if (!found) throw new Error(`There is no ${textOf(key)} to set the status of.`)
      const before = found.status ?? UserDeploymentStatus.parse({})
      state.store(key, { ...found, status: { ...before, ...status } })
    },
    finishDeletion(key) {
      state.resources.delete(textOf(key))
      state.pods.delete(textOf(key))
      state.tell(key)
    },
    putOwned: (object) => state.owned.put(object),
    putPod(key, pod) {
      const ofKey = state.pods.get(textOf(key)) ?? new Map<string, PodSummary>()
      state.pods.set(textOf(key), ofKey.set(pod.name, pod))
    },
    writeLog: (source, line) => state.logs.write(source, line),
    endLog: (source) => state.logs.end(source),
    programs: state.exec.programs,
    refuseExec: (error) => void (state.exec.refusal = error),
  }
}

/** What the API server makes of it: the generation follows the spec. Without a resource version it is a change. */
function applied(found: UserDeployment | undefined, wanted: UserDeployment, now: string): UserDeployment {
  const { name, namespace, labels = {}, annotations = {} } = wanted.metadata
  const ours = { name, ...(namespace === undefined ? {} : { namespace }), labels, annotations }
  if (!found) {
    const made = { uid: crypto.randomUUID(), creationTimestamp: now, generation: 1 }
    return { ...wanted, metadata: { ...ours, ...made }, status: undefined }
  }
  const { resourceVersion: before, generation = 0, ...kept } = found.metadata
  const isSameSpec = isDeepStrictEqual(found.spec, wanted.spec)
  const isSame = isSameSpec && isDeepStrictEqual([kept.labels, kept.annotations], [labels, annotations])
  const version = isSame && before !== undefined ? { resourceVersion: before } : {}
  const metadata = { ...kept, ...ours, ...version, generation: isSameSpec ? generation : generation + 1 }
  return { ...wanted, metadata, status: found.status }
}
