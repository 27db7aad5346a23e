/**
 * What containers that end again and again said last, read when somebody looks at the deployment. The operator may not
 * read logs, and a status that everybody may read is no place for what an app prints.
 */
import { isToldByLog } from '../../contract/crd/conditions.ts'
import type { DeploymentId } from '../../contract/ids.ts'
import { ServiceName, type Dns1123Label, type Namespace } from '../../contract/names.ts'
import { fail, isAppError } from '../../errors.ts'
import type { ContainerState, KubePort, PodSummary } from '../../ports/kube/port.ts'
import type { Deps } from '../deps.ts'
import type { LastLines } from '../logs/schema.ts'
import { namespaceOf } from './custom-resource.ts'
import { getRow } from './get-deployment.ts'
import { factOf } from './view.ts'

type Needed = Pick<Deps, 'db' | 'kube' | 'facts' | 'settings'>
type Run = LastLines['runs'][number]

const LINES = 20
/** Of one line; a page is no place for a whole document. */
const LINE_CHARACTERS = 500
/** Of what is asked of a node, however long its lines are. */
const BYTES = 64 * 1024
/** Services are read at the same time; one that is away must not hold up the page. */
const TIMEOUT_MS = 3_000
const RUNS = 4

/** @throws {AppError} NOT_FOUND, CLUSTER_UNAVAILABLE */
export async function lastLines(deps: Needed, id: DeploymentId): Promise<LastLines> {
  const row = await getRow(deps, id)
  const troubled = (factOf(row, deps)?.status?.services ?? [])
    .filter(({ reason }) => isToldByLog(reason))
    .map(({ name }) => name)
  if (troubled.length === 0) return { runs: [] }
  const { kube } = deps
  if (!kube) return fail('CLUSTER_UNAVAILABLE', {}, { because: 'KUBERNETES_ENABLED is false' })
  const namespace = namespaceOf(row, deps.settings)
  const pods = await kube.listPods({ namespace, name: row.deploymentName })
  const ended = troubled.flatMap((service) => newestEnd(pods, service) ?? []).slice(0, RUNS)
  const runs = await Promise.all(ended.map(async (end) => readEnd(kube, namespace, end)))
  return { runs: runs.filter((run) => run !== undefined) }
}

interface Ended {
  readonly service: ServiceName
  readonly pod: PodSummary
  readonly container: ContainerState
}

/** Of the newest pod that stays: those of before an update may have ended of something else. */
function newestEnd(pods: readonly PodSummary[], name: string): Ended | undefined {
  const service = ServiceName.safeParse(name)
  if (!service.success) return undefined
  for (const pod of pods.toReversed()) {
    if (pod.service !== name || pod.isTerminating) continue
    const container = pod.containers.find(({ state, restarts }) => state === 'terminated' || restarts > 0)
    if (container) return { service: service.data, pod, container }
  }
  return undefined
}

/** Undefined: the node has not kept it. */
async function readEnd(
  kube: KubePort,
  namespace: Namespace,
  { service, pod, container }: Ended,
): Promise<Run | undefined> {
  // The run that ended is the present one until the kubelet begins another.
  const isPresent = container.state === 'terminated'
  const source = { namespace, pod: pod.name, container: container.name as Dns1123Label }
  const options = {
    tailLines: LINES,
    limitBytes: BYTES,
    once: true,
    previous: !isPresent,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }
  const texts: string[] = []
  let isBroken = false
  try {
    for await (const lines of kube.followLog(source, options)) texts.push(...lines.map(({ text }) => text))
  } catch (error) {
    if (isAppError(error, 'NOT_FOUND')) return undefined
    if (!options.signal.aborted && !isAppError(error, 'CLUSTER_UNAVAILABLE')) throw error
    isBroken = true
  }
  const lines = texts.slice(-LINES).map((text) => text.slice(0, LINE_CHARACTERS))
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const isShortened = texts.some((text) => text.length > LINE_CHARACTERS) || size >= BYTES - texts.length
  return {
    service,
    pod: pod.name,
    restart: container.restarts - (isPresent ? 0 : 1),
    lines,
    isCut: isBroken || isShortened,
  }
}
