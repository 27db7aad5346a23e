import { createHash } from 'node:crypto'
import { ImageDigest, parseImage } from '../../contract/image.ts'
import { parseChallenge, type Challenge } from './challenge.ts'
import { registryHttp, type Answer, type RegistryHttp, type TestNetwork } from './http.ts'
import type { ImageResolution, RegistryCredentials, RegistryPort, ResolveOptions } from './port.ts'
import { unpinned, unpinnedBy, unpinnedByStatus, type Asked } from './unpinned.ts'

export interface RegistrySettings {
  /** Image host → address of its registry, `registry.localhost` → `http://10.0.0.5:5000`. */
  readonly mirrors: ReadonlyMap<string, string>
  /** For one image with all its calls; 5 s unless told. */
  readonly timeoutMs?: number
  readonly testNetwork?: TestNetwork
}

/** What a tag may lead to: indexes of several platforms first, because their digest serves every node. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** Where Docker Hub's registry answers: the one host whose images are named differently. */
const dockerHub = new Map([['docker.io', 'https://registry-1.docker.io']])

interface Question {
  readonly http: RegistryHttp
  readonly url: URL
  readonly repository: string
  readonly credentials: RegistryCredentials | undefined
  readonly signal: AbortSignal
  readonly mirror: string | undefined
}

/**
 * Registries of the OCI distribution specification:
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function createRegistry({ mirrors, timeoutMs = 5_000, testNetwork }: RegistrySettings): RegistryPort {
  const http = registryHttp(testNetwork)
  return {
    async resolve(image, options = {}) {
      const { registry, repository, tag = 'latest', digest } = parseImage(image)
      if (digest !== undefined) return { digest }
      const mirror = mirrors.get(registry)
      const base = mirror ?? dockerHub.get(registry) ?? `https://${registry}`
      const asked: Asked = { host: registry, image }
      if (!URL.canParse(base)) return unpinned('HostNotAllowed', asked)
      return withDeadline({ timeoutMs, ...options }, async (signal) => {
        const url = new URL(`/v2/${repository}/manifests/${tag}`, base)
        const question = { http, url, repository, credentials: options.credentials, signal }
        try {
          return await digestAt({ ...question, mirror: mirror && url.origin }, asked)
        } catch (error) {
          return unpinnedBy(error, asked)
        }
      })
    },
    close: async () => http.close(),
  }
}

async function digestAt(question: Question, asked: Asked): Promise<ImageResolution> {
  const { answer, headers } = await askManifest(question, 'HEAD')
  if (answer.status !== 200 && answer.status !== 405) return unpinnedByStatus(answer.status, asked)
  const named = ImageDigest.safeParse(answer.headers['docker-content-digest'])
  if (answer.status === 200 && named.success) return { digest: named.data }
  // Registries need not name it, nor answer HEAD: it is the hash of the manifest's bytes.
  const full = await send(question, { method: 'GET', headers })
  if (full.status !== 200) return unpinnedByStatus(full.status, asked)
  if (!isManifest(full)) return unpinned('UnexpectedAnswer', asked)
  return { digest: ImageDigest.parse(`sha256:${createHash('sha256').update(full.body).digest('hex')}`) }
}

type Headers = Readonly<Record<string, string>>

/** Asks, answers the challenge if there is one, and tells with which headers it was heard. */
async function askManifest(
  question: Question,
  method: 'HEAD',
): Promise<{ readonly answer: Answer; readonly headers: Headers }> {
  const plain = { accept: manifestTypes }
  const first = await send(question, { method, headers: plain })
  const challenge = first.status === 401 ? parseChallenge(first.headers['www-authenticate']) : undefined
  const authorization = challenge && (await authorize(challenge, question))
  if (authorization === undefined) return { answer: first, headers: plain }
  const headers = { ...plain, authorization }
  return { answer: await send(question, { method, headers }), headers }
}

const send = async (
  { http, url, signal, mirror }: Question,
  call: { readonly method: 'GET' | 'HEAD'; readonly headers: Headers },
): Promise<Answer> => http.send({ ...call, url, signal, mirror })

/** The Authorization header that the challenge asks for, if we have one. */
async function authorize(challenge: Challenge, question: Question): Promise<string | undefined> {
  const basic = question.credentials && basicOf(question.credentials)
  if (challenge.scheme === 'basic') return basic
  const url = new URL(challenge.realm, question.url)
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service)
  url.searchParams.set('scope', challenge.scope ?? `repository:${question.repository}:pull`)
  const { http, signal, mirror } = question
  const headers: Headers = basic === undefined ? {} : { authorization: basic }
  const answer = await http.send({ method: 'GET', url, headers, signal, mirror })
  if (answer.status !== 200) return undefined
  const { token, access_token: accessToken } = JSON.parse(answer.body.toString()) as Record<string, unknown>
  const value = token ?? accessToken
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? `Bearer ${value}` : undefined
}

function basicOf({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function isManifest({ body }: Answer): boolean {
  try {
    return (JSON.parse(body.toString()) as { schemaVersion?: unknown } | null)?.schemaVersion === 2
  } catch {
    return false
  }
}

/** One signal for the time-out and the caller; `AbortSignal.any` would keep hold of the caller's for ever. */
async function withDeadline<T>(
  { timeoutMs, signal }: ResolveOptions & { readonly timeoutMs: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, timeoutMs)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
