/** What is there of a deployment's log, once: for `follow=false` and for containers before their last restart. */
import { isAppError } from '../../errors.ts'
import type { LogQuery } from '../../modules/logs/schema.ts'
import type { KubePort, PodSummary, ResourceKey } from '../../ports/kube/port.ts'
import { frameOf, linesFrame } from './log-frames.ts'
import { readableOf, type ReadableContainer } from './readable-containers.ts'

interface Options {
  readonly kube: KubePort
  readonly key: ResourceKey
  readonly query: LogQuery
}

export async function* readOnce({ kube, key, query }: Options): AsyncGenerator<Buffer, void> {
  const pods = await kube.listPods(key)
  const wanted = pods.filter((pod) => isWanted(pod, query)).flatMap(readableOf)
  const ending = new AbortController()
  try {
    for (const [index, container] of wanted.entries()) {
      const { service, pod, podUid, container: name, restart } = container
      const source = index + 1
      yield frameOf('source', {
        source,
        service,
        pod,
        podUid,
        container: name,
        restart: query.previous ? restart - 1 : restart,
      })
      yield* linesOf({ kube, key, query, container, source, signal: ending.signal })
    }
  } finally {
    ending.abort()
  }
}

const isWanted = ({ service, name }: PodSummary, query: LogQuery): boolean =>
  (query.service === undefined || service === query.service) &&
  (query.pod === undefined || name === query.pod)

interface Reading extends Options {
  readonly container: ReadableContainer
  readonly source: number
  readonly signal: AbortSignal
}

async function* linesOf({
  kube,
  key,
  query,
  container,
  source,
  signal,
}: Reading): AsyncGenerator<Buffer, void> {
  const from = { namespace: key.namespace, pod: container.pod, container: container.container }
  const options = { tailLines: query.tail, once: true, previous: query.previous, signal }
  try {
    for await (const lines of kube.followLog(from, options)) {
      yield linesFrame(
        source,
        lines.map(({ timestamp, ordinal, text }) => [timestamp, ordinal, text]),
      )
    }
    yield frameOf('end', { source, sentence: 'This is all there is.' })
  } catch (error) {
    if (!isAppError(error, 'NOT_FOUND')) throw error
    yield frameOf('end', { source, sentence: 'There is no such log.' })
  }
}
