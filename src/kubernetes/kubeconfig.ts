/**
 * Finds out which cluster and user are meant. Runs once, at the start, and is the only place that reads at once.
 *
 * The entries are read by client-node's own functions, but not by its `KubeConfig`: that one imports the client of every
 * API there is, 55 to 90 MB of memory in a process that is to keep within 150 (docs/decisions/030).
 */
import { existsSync, readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Context } from '@kubernetes/client-node'
import {
  newClusters,
  newContexts,
  newUsers,
  type Cluster,
  type User,
} from '@kubernetes/client-node/dist/config_types.js'
import { parse } from 'yaml'

import { home, serviceAddress, usualKubeconfig } from './settings.ts'

/** What kubeconfigs say, as client-node's `KubeConfig.loadFromOptions` takes it. */
export interface KubeconfigContents {
  readonly clusters: Cluster[]
  readonly users: User[]
  readonly contexts: Context[]
  readonly currentContext: string
}

/** A kubeconfig that cannot be used; its message says what to do. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError'
}

export interface ChosenContext {
  contents: KubeconfigContents
  cluster: Cluster
  user: User
  namespace: string | undefined
  /** `https://host:port`. */
  server: string
}

/**
 * @param paths of a kubeconfig, or several joined as in `KUBECONFIG`; absent: the usual places, then the pod's account
 * @throws {KubeConfigError}
 */
export function chooseContext(paths: string | undefined): ChosenContext {
  const contents = load(paths)
  const { contexts, clusters, users, currentContext } = contents
  const context = contexts.find(({ name }) => name === currentContext)
  const cluster = clusters.find(({ name }) => name === context?.cluster)
  const user = users.find(({ name }) => name === context?.user)
  if (!cluster || !user) {
    throw new KubeConfigError(
      `The kubeconfig's current context ${JSON.stringify(currentContext)} names no cluster and user. ` +
        'Choose one with `kubectl config use-context`.',
    )
  }
  return { contents, cluster, user, namespace: context?.namespace, server: serverOf(cluster) }
}

/** @throws {KubeConfigError} */
function load(paths: string | undefined): KubeconfigContents {
  const named = paths ?? usualKubeconfig() ?? usualFile()
  try {
    return named === undefined ? ofThePod() : readAll(named.split(delimiter).filter(Boolean))
  } catch (cause) {
    if (cause instanceof KubeConfigError) throw cause
    const message = `The kubeconfig ${paths ?? 'of this account'} cannot be used: ${(cause as Error).message}`
    throw new KubeConfigError(message, { cause })
  }
}

function usualFile(): string | undefined {
  const path = join(home(), '.kube/config')
  return existsSync(path) ? path : undefined
}

/** As kubectl does: of two that say the same, the first file wins. */
function readAll(paths: readonly string[]): KubeconfigContents {
  const all = paths.map(readOne)
  return {
    clusters: all.flatMap(({ clusters }) => clusters),
    users: all.flatMap(({ users }) => users),
    contexts: all.flatMap(({ contexts }) => contexts),
    currentContext: all[0]?.currentContext ?? '',
  }
}

/** Files that it names lie beside it. */
function readOne(path: string): KubeconfigContents {
  const said = (parse(readFileSync(path, 'utf8')) ?? {}) as Record<string, unknown>
  const beside = (file: unknown): string | undefined =>
    typeof file === 'string' ? resolve(dirname(path), file) : undefined
  const current = said['current-context']
  return {
    clusters: newClusters(said['clusters']).map((each) => withFiles(each, { caFile: beside(each.caFile) })),
    users: newUsers(said['users']).map((each) =>
      withFiles(each, { certFile: beside(each.certFile), keyFile: beside(each.keyFile) }),
    ),
    contexts: newContexts(said['contexts']),
    currentContext: typeof current === 'string' ? current : '',
  }
}

/** Absent paths stay absent. */
function withFiles<T extends Cluster | User>(entry: T, files: Record<string, string | undefined>): T {
  const present = Object.entries(files).filter(([, path]) => path !== undefined)
  return { ...entry, ...(Object.fromEntries(present) as Partial<T>) }
}

/** What the kubelet puts into every pod that has a service account. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

function ofThePod(): KubeconfigContents {
  const address = serviceAddress()
  if (!address || !existsSync(`${ACCOUNT}/token`)) {
    throw new KubeConfigError(
      'No cluster is configured. Set KUBECONFIG, or run in a pod with a service account.',
    )
  }
  const { host, port } = address
  const name = 'pod'
  return {
    clusters: [
      {
        name,
        server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
        caFile: `${ACCOUNT}/ca.crt`,
        skipTLSVerify: false,
      },
    ],
    users: [{ name, authProvider: { name: 'tokenFile', config: { tokenFile: `${ACCOUNT}/token` } } }],
    contexts: [{ name, cluster: name, user: name, namespace: readFileSync(`${ACCOUNT}/namespace`, 'utf8') }],
    currentContext: name,
  }
}

function serverOf(cluster: Cluster): string {
  const url = URL.canParse(cluster.server) ? new URL(cluster.server) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new KubeConfigError(
      `The kubeconfig's server ${JSON.stringify(cluster.server)} is no http(s) address.`,
    )
  }
  if (typeof cluster.proxyUrl === 'string') {
    throw new KubeConfigError(
      'The kubeconfig names a proxy-url, which is not supported. Use the direct address.',
    )
  }
  if (url.pathname !== '/') {
    throw new KubeConfigError(
      `The kubeconfig's server ${cluster.server} has a path, which is not supported. Use an address without one.`,
    )
  }
  return url.origin
}
