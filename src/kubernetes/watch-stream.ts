/** One watch, from its request to its end, as events. */
import type { Clock } from './clock.ts'
import { guardAgainstSilence } from './silence.ts'
import { jsonLines } from './json-lines.ts'
import { MalformedStreamError } from './line-splitter.ts'
import { errorFromStatus } from './kube-error.ts'
import type { KubeObject } from './object.ts'
import { resourcePath, type KubePath, type Query } from './path.ts'
import type { WatchSelection } from './reflector-types.ts'
import type { Transport } from './transport-types.ts'

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject }
  | { type: 'BOOKMARK'; object: KubeObject }

export interface WatchRequest {
  transport: Transport
  selection: WatchSelection<never>
  /** Begin after this version; absent: begin with all there is, and a bookmark that ends it (a streaming list). */
  resourceVersion: string | undefined
  /** The server ends the watch after so long: connections get a new home, and a leak an end. */
  timeoutSeconds: number
  clock: Clock
  inactivityMs: number
  signal: AbortSignal
  /** Told whenever anything arrives. */
  onContact: () => void
}

/** The bookmark that ends a streaming list carries it. */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end'

export function endsInitialEvents({ type, object }: WatchEvent): boolean {
  return type === 'BOOKMARK' && object.metadata.annotations?.[INITIAL_EVENTS_END] === 'true'
}

/** Asks for metadata only where that is enough. */
export function acceptOf({ metadataOnly }: WatchSelection<never>, list: 'List' | '' = ''): string {
  return metadataOnly
    ? `application/json;as=PartialObjectMetadata${list};v=v1;g=meta.k8s.io`
    : 'application/json'
}

export function collectionOf({ resource, namespace }: WatchSelection<never>): KubePath {
  return resourcePath({ ...resource, ...(namespace === undefined ? {} : { namespace }) })
}

export function selectorsOf({ labels, fields }: WatchSelection<never>): Query {
  return { labelSelector: labels, fieldSelector: fields }
}

/**
 * The events in their order, until the server ends the watch.
 *
 * @throws {KubeError} refusal, lost connection, silence (`reason` `Silent`), or an ERROR event (410 among them)
 * @throws {MalformedStreamError}
 */
export async function* watchEvents(request: WatchRequest): AsyncGenerator<WatchEvent, void, undefined> {
  const { transport, selection, resourceVersion, signal } = request
  const path = collectionOf(selection)
  const silence = guardAgainstSilence({ ...request, what: `GET ${path} (watch)` })
  try {
    const { body } = await transport.stream({
      method: 'GET',
      path,
      accept: acceptOf(selection),
      signal: silence.signal,
      query: {
        ...selectorsOf(selection),
        watch: true,
        allowWatchBookmarks: true,
        timeoutSeconds: request.timeoutSeconds,
        ...(resourceVersion === undefined
          ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
          : { resourceVersion }),
      },
    })
    silence.heard()
    for await (const line of jsonLines(silence.tap(body))) yield eventOf(line, `GET ${path} (watch)`)
  } finally {
    silence.end()
  }
  signal.throwIfAborted()
}

function eventOf(line: unknown, what: string): WatchEvent {
  const { type, object } = line as { type?: unknown; object?: unknown }
  if (type === 'ERROR') throw errorFromStatus(what, 500, JSON.stringify(object))
  if (!isKnownType(type) || !isObject(object)) {
    throw new MalformedStreamError(`A watch sent what is no event: ${JSON.stringify(line).slice(0, 100)}`)
  }
  return { type, object }
}

const isKnownType = (type: unknown): type is WatchEvent['type'] =>
  type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK'

export function isObject(value: unknown): value is KubeObject {
  return typeof (value as { metadata?: unknown } | null)?.metadata === 'object'
}
