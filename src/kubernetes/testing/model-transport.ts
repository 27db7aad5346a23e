/** A transport onto {@link ApiModel}, which goes wrong as it is told. */
import type { Clock } from '../clock.ts'
import { KubeError } from '../kube-error.ts'
import type { Query } from '../path.ts'
import type { KubeRequest, KubeStream, Transport } from '../transport-types.ts'
import type { Selector } from '../selector.ts'
import type { ApiModel, Line } from './api-model.ts'

/** What becomes of the next request. */
export type Fault =
  | { type: 'none' }
  /** An answer of this status instead. */
  | { type: 'status'; status: number }
  /** No connection. */
  | { type: 'refused' }
  /** No answer, until the time is up. */
  | { type: 'timeout' }
  /** The connection breaks after so many lines (or pages' bytes), inside one of them. */
  | { type: 'reset'; after: number }
  /** The server ends the answer after so many lines. */
  | { type: 'end'; after: number }
  /** Nothing more comes after so many lines, and the connection stays. */
  | { type: 'silence'; after: number }
  /** After so many lines comes one that is no event. */
  | { type: 'nonsense'; after: number; line: string }

interface Options {
  clock: Clock
  /** Streaming lists are called invalid. */
  refusesStreamingLists?: boolean
  /** Objects a page. */
  page?: number
  /** Cuts the bytes into chunks of this length, wherever that falls. */
  chunk?: number
}

const NONE: Fault = { type: 'none' }

export class ModelTransport implements Transport {
  readonly counts = { handshakes: 0, requests: 0, retries: 0 }
  readonly server = 'https://model'
  readonly namespace = undefined
  /** One for each of the next requests. */
  readonly faults: Fault[] = []
  readonly asked: KubeRequest[] = []
  /** Streams that are being read. */
  open = 0
  readonly #model: ApiModel
  readonly #options: Options

  constructor(model: ApiModel, options: Options) {
    this.#model = model
    this.#options = options
  }

  async request<T>({ method, path }: KubeRequest): Promise<T> {
    throw new Error(`The model has streams only, not ${method} ${path}.`)
  }

  async close(): Promise<void> {}

  async stream(request: KubeRequest): Promise<KubeStream> {
    this.asked.push(request)
    this.counts.requests++
    request.signal?.throwIfAborted()
    const fault = this.faults.shift() ?? NONE
    await this.#failAtOnce(fault, request)
    const signal = request.signal ?? new AbortController().signal
    const lines = request.query?.watch ? this.#watch(request, signal) : this.#page(request)
    return { status: 200, headers: {}, body: this.#bytes(faulty(lines, fault, signal), signal) }
  }

  async #failAtOnce(fault: Fault, { query, signal }: KubeRequest): Promise<void> {
    if (fault.type === 'status') throw failure(fault.status, 'Told')
    if (fault.type === 'refused') throw failure(0, 'ConnectionFailed')
    if (fault.type === 'timeout') {
      await this.#passing(10_000, signal)
      throw failure(0, 'Timeout')
    }
    this.#refuseAsAnApiServer(query ?? {})
  }

  #refuseAsAnApiServer({ sendInitialEvents, resourceVersion }: Query): void {
    if (sendInitialEvents && this.#options.refusesStreamingLists) throw failure(422, 'Invalid')
    const version = Number(resourceVersion ?? Number.NaN)
    // The API server says it in the answer's status or in the watch: see #watch for the other half.
    if (this.#model.isCompacted(version) && version % 2 === 0) throw failure(410, 'Expired')
  }

  async #passing(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#options.clock.after(milliseconds, resolve)
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
  }

  async *#watch({ query }: KubeRequest, signal: AbortSignal): AsyncGenerator<string> {
    const from = query?.sendInitialEvents ? 'everything' : Number(query?.resourceVersion)
    if (from !== 'everything' && this.#model.isCompacted(from)) {
      yield lineOf({
        type: 'ERROR',
        object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
      })
      return
    }
    for await (const line of this.#model.watch(from, query?.labelSelector as Selector, signal))
      yield lineOf(line)
  }

  /** A page of the list; the continue token holds the version and the place. */
  async *#page({ query = {} }: KubeRequest): AsyncGenerator<string> {
    const all = this.#model.selected(query.labelSelector as Selector | undefined)
    const token = String(query.continue ?? `${this.#model.version}:0`).split(':')
    const [version, from = 0] = token.map(Number)
    // Pages of an older version than the newest are answered as the API server does after a compaction.
    if (version !== this.#model.version) throw failure(410, 'Expired')
    const next = from + (query.limit === undefined ? all.length : (this.#options.page ?? 2))
    const more = next < all.length ? { continue: `${version}:${next}` } : {}
    const metadata = { resourceVersion: String(version), ...more }
    const items = all.slice(from, next).map(({ metadata: each }) => ({ metadata: each }))
    yield JSON.stringify({ kind: 'ConfigMapList', apiVersion: 'v1', metadata, items })
  }

  async *#bytes(lines: AsyncGenerator<string>, signal: AbortSignal): AsyncGenerator<Buffer> {
    this.open++
    const size = this.#options.chunk ?? 65_536
    try {
      for await (const line of lines) {
        const bytes = Buffer.from(line)
        for (let at = 0; at < bytes.length; at += size) {
          signal.throwIfAborted()
          // As from a socket: what the reader keeps must not be overwritten, so each chunk is its own.
          yield Buffer.from(bytes.subarray(at, at + size))
        }
      }
    } finally {
      this.open--
    }
  }
}

const lineOf = (line: Line): string => `${JSON.stringify(line)}\n`

async function* faulty(
  lines: AsyncGenerator<string>,
  fault: Fault,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let count = 0
  if (!('after' in fault)) {
    yield* lines
    return
  }
  for await (const line of lines) {
    if (count++ < fault.after) {
      yield line
      continue
    }
    yield* goWrong(line, fault, signal)
    return
  }
}

async function* goWrong(
  line: string,
  fault: Extract<Fault, { after: number }>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  if (fault.type === 'end') return
  if (fault.type === 'nonsense') {
    yield `${fault.line}\n`
    return
  }
  yield line.slice(0, Math.floor(line.length / 2))
  if (fault.type === 'reset') throw failure(0, 'ConnectionFailed')
  await new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

function failure(status: number, reason: string): KubeError {
  return new KubeError({ status, reason, message: `The model says ${status} ${reason}.` })
}
