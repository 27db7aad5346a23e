/**
 * A registry of a few lines for tests: it speaks the part of the distribution API that a push uses, checks what
 * it is sent as a real one does, records every call, and fails where it is told to.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

interface Manifest {
  config: { digest: string }
  layers: { digest: string }[]
}

export interface FakeRegistryOptions {
  auth?: { username: string; password: string }
  /** Called before each answer; true means that it answered itself, or never will. */
  intercept?: (call: string, response: ServerResponse) => boolean
}

export interface FakeRegistry {
  url: string
  /** `METHOD path`, without the query, in order. */
  calls: string[]
  blobs: Map<string, Buffer>
  /** By `name:tag`. */
  manifests: Map<string, { digest: string; bytes: Buffer }>
  stop: () => Promise<void>
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

type Store = Pick<FakeRegistry, 'blobs' | 'manifests'>

function finishUpload(store: Store, url: URL, body: Buffer): Reply {
  const digest = url.searchParams.get('digest') ?? ''
  if (url.searchParams.get('state') !== 'kept') return [400, {}]
  if (sha256(body) !== digest) return [400, { 'x-reason': 'DIGEST_INVALID' }]
  store.blobs.set(digest, body)
  return [201, { 'docker-content-digest': digest }]
}

function putManifest(store: Store, reference: string, body: Buffer): Reply {
  const { config, layers } = JSON.parse(body.toString()) as Manifest
  if (![config, ...layers].every(({ digest }) => store.blobs.has(digest))) return [400, {}]
  const digest = sha256(body)
  store.manifests.set(reference, { digest, bytes: body })
  return [201, { 'docker-content-digest': digest }]
}

interface Asked {
  url: URL
  body: Buffer
  /** What the pattern of the route caught. */
  parts: string[]
}

type Reply = [status: number, headers?: Record<string, string>]

const ROUTES: [RegExp, (store: Store, asked: Asked) => Reply][] = [
  [
    /^HEAD \/v2\/.+\/blobs\/(sha256:[0-9a-f]{64})$/,
    (store, { parts: [digest = ''] }) => [store.blobs.has(digest) ? 200 : 404],
  ],
  [/^POST \/v2\/.+\/blobs\/uploads\/$/, (_, { url }) => [202, { location: `${url.pathname}one?state=kept` }]],
  [/^PUT \/v2\/.+\/blobs\/uploads\/one$/, (store, { url, body }) => finishUpload(store, url, body)],
  [
    /^HEAD \/v2\/(.+)\/manifests\/(.+)$/,
    (store, { parts }) => {
      const known = store.manifests.get(parts.join(':'))
      return known ? [200, { 'docker-content-digest': known.digest }] : [404]
    },
  ],
  [
    /^PUT \/v2\/(.+)\/manifests\/(.+)$/,
    (store, { parts, body }) => putManifest(store, parts.join(':'), body),
  ],
]

function reply(store: Store, call: string, asked: { url: URL; body: Buffer }): Reply {
  for (const [pattern, answer] of ROUTES) {
    const match = pattern.exec(call)
    if (match) return answer(store, { ...asked, parts: match.slice(1) })
  }
  return [405]
}

function isAllowed(request: IncomingMessage, options: FakeRegistryOptions): boolean {
  if (!options.auth) return true
  const { username, password } = options.auth
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return request.headers.authorization === expected
}

/** Starts on a free loopback port. */
export async function startFakeRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const registry = { calls: [] as string[], blobs: new Map(), manifests: new Map() }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://registry')
    const call = `${request.method} ${url.pathname}`
    registry.calls.push(call)
    const body = await buffer(request)
    if (options.intercept?.(call, response)) return
    if (isAllowed(request, options)) response.writeHead(...reply(registry, call, { url, body })).end()
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the fake registry has no port')
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { ...registry, url: `http://127.0.0.1:${address.port}`, stop }
}
