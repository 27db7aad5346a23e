/**
 * Pushes an image to a registry by the distribution HTTP API: only what is missing travels. Every call has a
 * time-out, every answer of the registry is checked against the digests computed here.
 */
import { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import type { ImageBlob, OciImage } from './oci-image.ts'

const DEFAULT_TIMEOUT_MS = 60_000

export interface RegistryAddress {
  /** Such as `http://127.0.0.1:5000`, without a path. */
  url: string
  auth?: { username: string; password: string }
  /** For each single call, an upload included; 60 s when missing. */
  timeoutMs?: number
}

export interface PushResult {
  /** The manifest's digest as the registry keeps it: use `name@digest` where a stale tag would hurt. */
  digest: string
  /** False when the tag named this very manifest already and nothing was sent. */
  pushed: boolean
}

/** The registry refused, or answered what it must not. `status` is missing when no answer came. */
export class RegistryError extends Error {
  override name = 'RegistryError'
  readonly status: number | undefined

  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.status = options.status
  }
}

interface Call {
  method: 'HEAD' | 'POST' | 'PUT'
  /** A path of the registry, or the absolute address it gave for an upload. */
  target: string
  headers?: Record<string, string>
  body?: Readable | Uint8Array
  /** Statuses that the caller understands; any other is an error. */
  expect: readonly number[]
}

interface Answer {
  status: number
  header: (name: string) => string | undefined
}

class RegistryClient {
  readonly #registry: RegistryAddress
  readonly #origin: URL
  readonly #agent = new Agent({ connections: 2 })

  constructor(registry: RegistryAddress) {
    this.#registry = registry
    this.#origin = new URL(registry.url)
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async call(call: Call): Promise<Answer> {
    const url = new URL(call.target, this.#origin)
    if (url.origin !== this.#origin.origin)
      throw new RegistryError(`The registry at ${this.#origin.origin} sent the upload to ${url.origin}.`)
    const timeoutMs = this.#registry.timeoutMs ?? DEFAULT_TIMEOUT_MS
    try {
      return await this.#send(url, call, AbortSignal.timeout(timeoutMs))
    } catch (cause) {
      if (cause instanceof RegistryError) throw cause
      const slow = cause instanceof DOMException && cause.name === 'TimeoutError'
      const what = slow ? `did not answer within ${timeoutMs} ms` : 'could not be reached or broke off'
      throw new RegistryError(`The registry at ${url.origin} ${what} (${call.method} ${url.pathname}).`, {
        cause,
      })
    }
  }

  async #send(url: URL, call: Call, signal: AbortSignal): Promise<Answer> {
    const response = await request(url, {
      dispatcher: this.#agent,
      signal,
      method: call.method,
      headers: { ...this.#authorization(), ...call.headers },
      body: call.body ?? null,
    })
    const text = await response.body.text()
    if (!call.expect.includes(response.statusCode)) throw this.#refusal(url, call, { ...response, text })
    return {
      status: response.statusCode,
      header: (name) => {
        const value = response.headers[name]
        return Array.isArray(value) ? value[0] : value
      },
    }
  }

  #authorization(): Record<string, string> {
    const { auth } = this.#registry
    if (!auth) return {}
    return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
  }

  #refusal(url: URL, call: Call, answer: { statusCode: number; text: string }): RegistryError {
    const { statusCode: status, text } = answer
    if (status === 401 || status === 403) {
      const given = this.#registry.auth
        ? 'refused the user name or password'
        : 'asks for a user name and password'
      return new RegistryError(`The registry at ${url.origin} ${given}.`, { status })
    }
    const detail = text === '' ? '' : `: ${text.slice(0, 300)}`
    return new RegistryError(
      `The registry at ${url.origin} answered ${call.method} ${url.pathname} with ${status}${detail}`,
      { status },
    )
  }
}

async function pushBlob(client: RegistryClient, repository: string, blob: ImageBlob): Promise<void> {
  const blobPath = `${repository}/blobs/${blob.digest}`
  const present = await client.call({ method: 'HEAD', target: blobPath, expect: [200, 404] })
  if (present.status === 200) return
  const started = await client.call({ method: 'POST', target: `${repository}/blobs/uploads/`, expect: [202] })
  const location = started.header('location')
  if (location === undefined) throw new RegistryError('The registry began an upload without saying where.')
  const target = withDigest(location, blob.digest)
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) }
  const body = Readable.from(blob.open(), { objectMode: false })
  const stored = await client.call({ method: 'PUT', target, headers, body, expect: [201] })
  assertDigest(stored, blob.digest)
}

/** The upload address carries the registry's own state in its query, which must be kept. */
function withDigest(location: string, digest: string): string {
  return `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`
}

function assertDigest(answer: Answer, expected: string): void {
  const stored = answer.header('docker-content-digest')
  if (stored !== undefined && stored !== expected)
    throw new RegistryError(`The registry stored ${stored} where ${expected} was sent.`)
}

async function pushMissing(client: RegistryClient, image: OciImage): Promise<PushResult> {
  const repository = `/v2/${image.name}`
  const manifestPath = `${repository}/manifests/${image.tag}`
  const accept = { accept: image.manifestType }
  const tagged = await client.call({
    method: 'HEAD',
    target: manifestPath,
    headers: accept,
    expect: [200, 404],
  })
  if (tagged.header('docker-content-digest') === image.digest) return { digest: image.digest, pushed: false }
  for (const blob of image.blobs) await pushBlob(client, repository, blob)
  const headers = { 'content-type': image.manifestType }
  const body = image.manifest
  const stored = await client.call({ method: 'PUT', target: manifestPath, headers, body, expect: [201] })
  assertDigest(stored, image.digest)
  return { digest: image.digest, pushed: true }
}

/**
 * Makes `image.name:image.tag` in the registry name this image; harmless to repeat.
 *
 * @throws RegistryError with one sentence: unreachable, too slow, refused, or a digest that differs.
 */
export async function pushImage(image: OciImage, registry: RegistryAddress): Promise<PushResult> {
  const client = new RegistryClient(registry)
  try {
    return await pushMissing(client, image)
  } finally {
    await client.close()
  }
}
