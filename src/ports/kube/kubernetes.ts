import { FIELD_MANAGERS, LABELS } from '../../contract/crd/meta.ts'
import type { UserDeployment } from '../../contract/crd/user-deployment.ts'
import { fail } from '../../errors.ts'
import { deleteExactly, getObject, serverSideApply } from '../../kubernetes/apply.ts'
import { execIn } from '../../kubernetes/exec.ts'
import { isConflict } from '../../kubernetes/kube-error.ts'
import { logBatches } from '../../kubernetes/logs.ts'
import type { KubeObject } from '../../kubernetes/object.ts'
import { resourcePath, rootPath } from '../../kubernetes/path.ts'
import { RESOURCES } from '../../kubernetes/resources.ts'
import { labelSelector } from '../../kubernetes/selector.ts'
import type { SocketTransport, Transport } from '../../kubernetes/transport-types.ts'
import { connectTransport } from '../../kubernetes/transport.ts'
import { isRefusal, refusalOf, translate, translateForExec, translateForLog } from './errors.ts'
import { summaryOf, type RawPod } from './pods.ts'
import { deleteOwned, findOwned, listOwned } from './owned.ts'
import type {
  AppliedResource,
  DeleteOptions,
  DryRunResult,
  ExecOptions,
  FollowLogOptions,
  KubeHealth,
  KubePort,
  LogLine,
  LogSource,
  PodSummary,
  ResourceKey,
  RunningProgram,
} from './port.ts'
import { followUserDeployments } from './view.ts'

export interface KubeSettings {
  /** Path of a kubeconfig; undefined: the usual places, then the account of the pod that we run in. */
  readonly kubeconfig?: string | undefined
  /** Told of every trouble of the watch; it goes on by itself. */
  readonly onTrouble?: (error: unknown) => void
}

const fieldManager = FIELD_MANAGERS.server

/** A health check is asked for often, and its answer is not waited for long. */
const healthTimeoutMs = 2_000

/**
 * A real cluster. Nothing is sent before the first call, and the kubeconfig need not be there before it is: without
 * one the cluster is away, and the next call looks again.
 */
export function createKube({ kubeconfig, onTrouble = () => undefined }: KubeSettings): KubePort {
  let transport: SocketTransport | undefined
  let running: ReturnType<typeof followUserDeployments> | undefined
  let isClosed = false
  /** @throws {KubeConfigError} */
  const connect = (): SocketTransport => {
    if (isClosed) fail('CLUSTER_UNAVAILABLE', {}, { because: 'the port is closed' })
    transport ??= connectTransport({
      userAgent: FIELD_MANAGERS.server,
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    })
    return transport
  }
  const call = async <T>(work: (transport: Transport) => Promise<T>): Promise<T> => {
    try {
      return await work(connect())
    } catch (error) {
      return translate(error)
    }
  }

  return {
    async ensureNamespace(name, labels) {
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...labels } } }
      await call(async (to) => serverSideApply(to, { object, fieldManager, force: true }))
    },
    applyUserDeployment: async (resource) => call(async (to) => appliedOf(await apply(to, resource))),
    deleteUserDeployment: async (key, options = {}) => call(async (to) => deleteOne(to, key, options)),
    watchUserDeployments() {
      running ??= followUserDeployments(connect, onTrouble)
      return running.view
    },
    listPods: async (key) => call(async (to) => listPods(to, key)),
    followLog: (source, options) => followLog(connect, source, options),
    exec: async (source, options) => exec(connect, source, options),
    listOwned: async () => call(listOwned),
    findOwned: async (ref) => call(async (to) => findOwned(to, ref)),
    deleteOwned: async (object) => call(async (to) => deleteOwned(to, object)),
    dryRun: async (resource) => call(async (to) => dryRun(to, resource)),
    health: async () => healthOf(connect),
    async close() {
      isClosed = true
      await running?.stop()
      await transport?.close()
    },
  }
}

/** The operator's status stays as it is: only what the server writes is sent. */
async function apply(transport: Transport, resource: UserDeployment, isTrial = false): Promise<KubeObject> {
  const { status: _, ...object } = resource
  return serverSideApply(transport, { object, fieldManager, force: true, dryRun: isTrial })
}

async function dryRun(transport: Transport, resource: UserDeployment): Promise<DryRunResult> {
  try {
    await apply(transport, resource, true)
    return { isAccepted: true }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { isAccepted: false, sentence: refusalOf(error) }
  }
}

function appliedOf({
  metadata: { uid = '', generation = 0, resourceVersion = '' },
}: KubeObject): AppliedResource {
  return { uid, generation, resourceVersion }
}

/** Deletes whatever version there is of the very object: the operator may be writing its status meanwhile. */
async function deleteOne(
  transport: Transport,
  { namespace, name }: ResourceKey,
  { uid, before }: DeleteOptions,
): Promise<'deleting' | 'absent'> {
  for (let attempt = 1; ; attempt++) {
    const live = await getObject(transport, RESOURCES.UserDeployment, { namespace, name })
    if (!live || !isMeant(live, uid)) return 'absent'
    await before?.(live)
    if (live.metadata.deletionTimestamp !== undefined) return 'deleting'
    try {
      return (await deleteExactly(transport, { live, propagation: 'Foreground' })) ? 'deleting' : 'absent'
    } catch (error) {
      if (!isConflict(error) || attempt === 5) throw error
    }
  }
}

const isMeant = ({ metadata }: KubeObject, uid: string | undefined): boolean =>
  uid === undefined || metadata.uid === uid

async function listPods(transport: Transport, { namespace, name }: ResourceKey): Promise<PodSummary[]> {
  const { items } = await transport.request<{ items: RawPod[] }>({
    method: 'GET',
    path: resourcePath({ ...RESOURCES.Pod, namespace }),
    query: { labelSelector: labelSelector({ [LABELS.deployment]: name }) },
  })
  return items.map(summaryOf).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
}

async function* followLog(
  connect: () => Transport,
  source: LogSource,
  { once = false, ...options }: FollowLogOptions,
): AsyncGenerator<readonly LogLine[], void, undefined> {
  try {
    yield* logBatches(connect(), source, { ...options, follow: !once })
  } catch (error) {
    translateForLog(error)
  }
}

async function exec(
  connect: () => SocketTransport,
  source: LogSource,
  options: ExecOptions,
): Promise<RunningProgram> {
  const process = await execIn(connect(), source, options).catch(translateForExec)
  const { stdin, stdout, stderr } = process
  const exit = process.exit.catch(translateForExec)
  // Who leaves need not wait for the end.
  exit.catch(() => undefined)
  return { stdin, stdout, stderr, exit, resize: (size) => process.resize(size), close: () => process.close() }
}

async function healthOf(connect: () => Transport): Promise<KubeHealth> {
  try {
    await connect().request({ method: 'GET', path: rootPath('/version'), timeoutMs: healthTimeoutMs })
    return { isHealthy: true }
  } catch (error) {
    const said = error instanceof Error ? error.message : 'unknown reason'
    return { isHealthy: false, reason: `The cluster does not answer: ${said}.` }
  }
}
