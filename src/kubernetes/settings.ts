/** What the environment says of the cluster to somebody who was told nothing. */
import { homedir } from 'node:os'

/** Kubeconfigs to look for, joined as `KUBECONFIG` is; undefined: that variable is not set. */
export const usualKubeconfig = (): string | undefined => process.env.KUBECONFIG || undefined

export const home = (): string => homedir()

/** Where the kubelet says that a pod finds the API server; undefined outside of pods. */
export function serviceAddress(): { host: string; port: string } | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env
  return host && port ? { host, port } : undefined
}
