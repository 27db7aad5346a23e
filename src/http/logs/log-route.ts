/** `GET /api/deployments/:id/logs`: the log of a deployment as server-sent events, behind the same `authorize()`. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { DeploymentId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import { authorize } from '../../modules/access/authorize.ts'
import { namespaceOf } from '../../modules/deployments/custom-resource.ts'
import { keepChecking, type Guard } from '../../modules/access/keep-checking.ts'
import type { RightsChanges, Whom } from '../../modules/access/rights-changes.ts'
import { getRow } from '../../modules/deployments/get-deployment.ts'
import { LogQuery, type LogEntry } from '../../modules/logs/schema.ts'
import type { Deps } from '../../modules/deps.ts'
import type { KubePort, LogLine, ResourceKey } from '../../ports/kube/port.ts'
import { finderOf } from '../credentials.ts'
import { createLogHub, type LogHub } from './log-hub.ts'
import { LogViewer } from './log-viewer.ts'
import type { LogUpstream } from './log-upstream.ts'
import { readOnce } from './read-once.ts'

interface Options {
  readonly deps: Deps
  readonly cookieName: string
  /** Raised when the server goes down: streams end, and their readers come back to another one. */
  readonly stopping: AbortSignal
}

/** Containers are read at the same time: what one had said before the last line of another may not have come. */
const OVERLAP_MS = 2_000

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would keep lines back.
  'x-accel-buffering': 'no',
}

export function registerLogRoute(app: FastifyInstance, options: Options): LogHub | undefined {
  const { deps } = options
  const { kube } = deps
  const onTrouble = (error: unknown): void => app.log.warn({ err: error }, 'a log stream had trouble')
  const hub = kube && createLogHub({ kube, changes: deps.changes, onTrouble })

  app.get('/api/deployments/:id/logs', async (request, reply) => {
    const { id } = z.object({ id: DeploymentId }).parse(request.params)
    const guard = await guardOf(request, id, options)
    const query = LogQuery.parse(request.query)
    const row = await getRow(deps, id)
    if (!kube || !hub) fail('CLUSTER_UNAVAILABLE', {}, { because: 'KUBERNETES_ENABLED is false' })
    const key = { namespace: namespaceOf(row, deps.settings), name: row.deploymentName }
    if (query.previous || !query.follow) {
      return reply.headers(HEADERS).send(Readable.from(readOnce({ kube, key, query })))
    }
    const viewer = viewerFor({ kube, key, query, request, nowMs: deps.clock.nowMs(), onTrouble })
    const { logs, release } = hub.open(id, key)
    viewer.onGone(release)
    viewer.onGone(logs.onUpstream(viewer.show))
    watchOver(viewer, { ...guard, rights: deps.rights, stopping: options.stopping, onTrouble })
    return send(reply, viewer)
  })
  return hub
}

/** May this caller read it? Asked now, and while the stream is open. */
async function guardOf(
  request: FastifyRequest,
  id: DeploymentId,
  { deps, cookieName }: Options,
): Promise<Guard> {
  const find = finderOf(request, { deps, cookieName })
  const check = async (): Promise<Whom> => {
    const found = await find(id)
    const { userId } = authorize({
      actor: found?.actor,
      scope: found?.scope,
      action: 'log:read',
      what: 'deployment',
    })
    if (!found?.scope) fail('NOT_FOUND', { what: 'deployment' })
    return { userId, orgId: found.scope.orgId }
  }
  return { whom: await check(), recheck: async () => void (await check()) }
}

interface Viewing {
  kube: KubePort
  key: ResourceKey
  query: LogQuery
  request: FastifyRequest
  nowMs: number
  onTrouble: (error: unknown) => void
}

function viewerFor({ kube, key, query, request, nowMs, onTrouble }: Viewing): LogViewer {
  const { service, pod, tail } = query
  return new LogViewer({
    tail,
    arrivedAt: nineDigits(nowMs),
    since: sinceOf(request.headers['last-event-id']),
    isWanted: ({ announcement }) =>
      (service === undefined || announcement.service === service) &&
      (pod === undefined || announcement.pod === pod),
    readOlder: (upstream, since) => readOlder(kube, { ...upstream.source, namespace: key.namespace }, since),
    onTrouble,
  })
}

/** The id of the last event is the instant of the last line that was seen. */
function sinceOf(lastEventId: string | string[] | undefined): string | undefined {
  if (typeof lastEventId !== 'string') return undefined
  const seconds = Date.parse(lastEventId.replace(/(\.\d{3})\d*Z$/, '$1Z'))
  return Number.isNaN(seconds) ? undefined : nineDigits(seconds - OVERLAP_MS)
}

/** As Kubernetes writes instants, so that they compare as texts. */
const nineDigits = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('Z', '000000Z')

async function* readOlder(
  kube: KubePort,
  source: LogUpstream['source'],
  since: string,
): AsyncGenerator<LogEntry[], void> {
  const ending = new AbortController()
  const options = { sinceTime: since, once: true, signal: ending.signal }
  try {
    for await (const lines of kube.followLog(source, options))
      yield lines.filter((line) => line.timestamp >= since).map(entryOf)
  } finally {
    ending.abort()
  }
}

const entryOf = ({ timestamp, ordinal, text }: LogLine): LogEntry => [timestamp, ordinal, text]

interface Watch extends Guard {
  readonly rights: RightsChanges
  readonly stopping: AbortSignal
  readonly onTrouble: (error: unknown) => void
}

/** Ends the stream when the right is gone or the server goes down. */
function watchOver(viewer: LogViewer, { stopping, ...guard }: Watch): void {
  const finish = (): void => viewer.finish()
  viewer.onGone(keepChecking({ ...guard, onRefused: finish }))
  stopping.addEventListener('abort', finish)
  viewer.onGone(() => stopping.removeEventListener('abort', finish))
}

const send = (reply: FastifyReply, viewer: LogViewer): FastifyReply => reply.headers(HEADERS).send(viewer)
