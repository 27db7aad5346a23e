/** Finds out which cluster and user are meant. Runs once, at the start, and is the only place that reads at once. */
import { delimiter } from 'node:path'
import { KubeConfig, type Cluster, type User } from '@kubernetes/client-node'

/** A kubeconfig that cannot be used; its message says what to do. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError'
}

export interface ChosenContext {
  config: KubeConfig
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
  const config = load(paths)
  const context = config.getCurrentContext()
  const cluster = config.getCurrentCluster()
  const user = config.getCurrentUser()
  if (!cluster || !user) {
    throw new KubeConfigError(
      `The kubeconfig's current context ${JSON.stringify(context)} names no cluster and user. ` +
        'Choose one with `kubectl config use-context`.',
    )
  }
  const namespace = config.getContextObject(context)?.namespace
  return { config, cluster, user, namespace, server: serverOf(cluster) }
}

/** What client-node assumes when it finds nothing at all. */
const NOTHING_FOUND = 'http://localhost:8080'

function load(paths: string | undefined): KubeConfig {
  const config = new KubeConfig()
  try {
    if (paths === undefined) config.loadFromDefault()
    else readAll(config, paths.split(delimiter).filter(Boolean))
  } catch (cause) {
    const message = `The kubeconfig ${paths ?? 'of this account'} cannot be used: ${(cause as Error).message}`
    throw new KubeConfigError(message, { cause })
  }
  if (paths === undefined && config.getCurrentCluster()?.server === NOTHING_FOUND) {
    throw new KubeConfigError(
      'No cluster is configured. Set KUBECONFIG, or run in a pod with a service account.',
    )
  }
  return config
}

/** As kubectl does: of two that say the same, the first file wins. */
function readAll(config: KubeConfig, paths: readonly string[]): void {
  for (const [index, path] of paths.entries()) {
    if (index === 0) {
      config.loadFromFile(path)
      continue
    }
    const more = new KubeConfig()
    more.loadFromFile(path)
    config.mergeConfig(more, true)
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
