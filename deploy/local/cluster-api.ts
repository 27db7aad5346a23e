import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { parse } from 'yaml'

import { yamlSafeJson } from '../../src/contract/yaml-safe-json.ts'

/** A Kubernetes object as it is written in a manifest. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string } & Readonly<
    Record<string, unknown>
  >
  readonly [field: string]: unknown
}

class ClusterApiError extends Error {
  override readonly name = 'ClusterApiError'
  readonly status: number

  constructor(status: number, what: string, body: string) {
    super(`${what} was answered ${status}: ${messageOf(body).slice(0, 600)}`)
    this.status = status
  }
}

/** The API server explains itself in a Status object; what stands before it may answer plain text. */
function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body
  } catch {
    return body
  }
}

class UnknownKindError extends Error {
  override readonly name = 'UnknownKindError'
}

/** The administrator's way into the stack's API server; used by the stack itself and by its tests. */
export interface ClusterApi {
  /** Server-side apply, forced: these objects are the stack's own. */
  apply(...objects: readonly KubeObject[]): Promise<void>
  /** GET; the parsed answer. @throws {ClusterApiError} */
  get<T = Record<string, unknown>>(path: string): Promise<T>
  /** What is gone already is deleted: a call whose connection broke may have been sent twice. */
  delete(path: string): Promise<void>
  /** Any call, as text. */
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: CallBody): Promise<string>
  /** The collection's path of a kind: `/apis/apps/v1/namespaces/x/deployments`. */
  pathOf(
    object: Pick<KubeObject, 'apiVersion' | 'kind'> & { metadata: { namespace?: string } },
  ): Promise<string>
  close(): Promise<void>
}

interface CallBody {
  readonly type: string
  readonly content: string
}

/** Long: a stack is brought up on machines that do much else besides. */
const timeoutMs = 30_000

/** @param kubeconfig path of one of the stack's own kubeconfigs. */
export function clusterApi(kubeconfig: string): ClusterApi {
  const { origin, ...credentials } = readKubeconfig(kubeconfig)
  const agent = new Agent({
    connect: { ...credentials, timeout: 5_000 },
    connections: 8,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
  const kinds = new Map<string, Promise<ResourceList>>()

  const call: ClusterApi['call'] = async (method, path, body) => {
    const answer = await request(origin + path, {
      dispatcher: agent,
      method,
      ...(body ? { headers: { 'content-type': body.type }, body: body.content } : {}),
    })
    const text = await answer.body.text()
    if (answer.statusCode >= 400) throw new ClusterApiError(answer.statusCode, `${method} ${path}`, text)
    return text
  }

  const pathOf: ClusterApi['pathOf'] = async ({ apiVersion, kind, metadata }) => {
    const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
    const list = kinds.get(root) ?? call('GET', root).then((text) => JSON.parse(text) as ResourceList)
    kinds.set(root, list)
    const resource = (await list.catch(() => undefined))?.resources.find(
      (each) => each.kind === kind && !each.name.includes('/'),
    )
    if (!resource) {
      kinds.delete(root) // a kind defined a moment ago appears in the next answer
      throw new UnknownKindError(`The cluster knows no ${apiVersion} ${kind}.`)
    }
    const scope = resource.namespaced
      ? `/namespaces/${encodeURIComponent(metadata.namespace ?? 'default')}`
      : ''
    return `${root}${scope}/${resource.name}`
  }

  const applyOne = async (object: KubeObject): Promise<void> => {
    const path = `${await pathOf(object)}/${encodeURIComponent(object.metadata.name)}`
    const body = { type: 'application/apply-patch+yaml', content: yamlSafeJson(object) }
    await call('PATCH', `${path}?fieldManager=shipyard-stack&force=true`, body)
  }

  return {
    call,
    pathOf,
    get: async <T>(path: string) => JSON.parse(await call('GET', path)) as T,
    delete: async (path) => unlessGone(call('DELETE', path)),
    async apply(...objects) {
      for (const object of objects) await untilKindIsServed(async () => applyOne(object))
    },
    close: async () => agent.destroy(),
  }
}

interface Kubeconfig {
  readonly clusters: readonly [{ cluster: { server: string; 'certificate-authority-data': string } }]
  readonly users: readonly [{ user: { 'client-certificate-data': string; 'client-key-data': string } }]
}

/** Where the API server is and who we are: one cluster, one user, certificates inside, as `identities.ts` writes it. */
export function readKubeconfig(path: string): { origin: string; ca: Buffer; cert: Buffer; key: Buffer } {
  const { clusters, users } = parse(readFileSync(path, 'utf8')) as Kubeconfig
  const [{ cluster }] = clusters
  const [{ user }] = users
  const bytes = (data: string): Buffer => Buffer.from(data, 'base64')
  return {
    origin: cluster.server,
    ca: bytes(cluster['certificate-authority-data']),
    cert: bytes(user['client-certificate-data']),
    key: bytes(user['client-key-data']),
  }
}

const isAnswered = (error: unknown, status: number): boolean =>
  error instanceof ClusterApiError && error.status === status

async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion
  } catch (error) {
    if (!isAnswered(error, 404)) throw error
  }
}

/** A kind is served an instant after its definition is stored. */
async function untilKindIsServed(attempt: () => Promise<void>): Promise<void> {
  const until = performance.now() + 5_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const mayPass = error instanceof UnknownKindError || isAnswered(error, 404)
      if (!mayPass || performance.now() > until) throw error
    }
    await sleep(50)
  }
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string
    readonly kind: string
    readonly namespaced: boolean
  }[]
}
