import { ApiextensionsV1Api, KubeConfig, NetworkingV1Api, VersionApi } from '@kubernetes/client-node'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ExistingCluster {
  /** "v1.34.4" */
  readonly version: string
  /** What apps will lack in this cluster, a sentence each; empty when it has all that Shipyard needs. */
  readonly lacks: readonly string[]
}

const timeoutMs = 10_000

/**
 * Looks at a cluster that somebody else runs: nothing is installed into it.
 * @throws a sentence, when it can't be reached with this kubeconfig within 10 seconds.
 */
export async function inspectCluster(kubeconfigPath: string): Promise<ExistingCluster> {
  const ending = new AbortController()
  const timeout = sleep(timeoutMs, undefined, { signal: ending.signal }).then(() => {
    throw new Error(`no answer within ${timeoutMs / 1000} seconds`)
  })
  try {
    return await Promise.race([look(kubeconfigPath), timeout])
  } catch (error) {
    const reason = (error as Error).message
    throw new Error(`The cluster of KUBECONFIG (${kubeconfigPath}) can't be used: ${reason}.`, {
      cause: error,
    })
  } finally {
    ending.abort()
    await timeout.catch(() => undefined)
  }
}

/** The library takes no signal, so its calls are raced. */
async function look(kubeconfigPath: string): Promise<ExistingCluster> {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfigPath)
  const [version, definitions, classes] = await Promise.all([
    config.makeApiClient(VersionApi).getCode(),
    config.makeApiClient(ApiextensionsV1Api).listCustomResourceDefinition(),
    config.makeApiClient(NetworkingV1Api).listIngressClass(),
  ])
  const kinds = definitions.items.map((definition) => definition.metadata?.name)
  const classNames = classes.items.map((each) => each.metadata?.name)
  return { version: version.gitVersion, lacks: lacksOf(kinds, classNames) }
}

export function lacksOf(
  kinds: readonly (string | undefined)[],
  classes: readonly (string | undefined)[],
): string[] {
  const noSecrets =
    'It has no External Secrets Operator (kind ExternalSecret): apps with secrets will wait for it.'
  const noIngress = 'It has no IngressClass named traefik: apps will get no address.'
  // Whose cluster it is decides what is defined in it, so it is asked for and never done.
  const noDefinitions =
    'It does not define Shipyard’s kinds (UserDeployment): deployments wait until `kubectl apply -f operator/manifests` has put them there.'
  return [
    ...(kinds.includes('userdeployments.scheduler.opsnorth.io') ? [] : [noDefinitions]),
    ...(kinds.includes('externalsecrets.external-secrets.io') ? [] : [noSecrets]),
    ...(classes.includes('traefik') ? [] : [noIngress]),
  ]
}
