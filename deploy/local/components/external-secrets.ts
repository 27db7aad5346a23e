import { grant, read } from '../access.ts'
import type { KubeObject } from '../cluster-api.ts'
import type { Command, Component, StartContext } from '../component.ts'
import { flags } from '../flags.ts'
import { paths, type Site } from '../site.ts'
import { readManifests } from '../manifests.ts'
import { vaultAddress } from './openbao.ts'
import { externalSecretsRole } from './openbao-setup.ts'

/** The name that `CLUSTER_SECRET_STORE` has on a local stack. */
export const clusterSecretStore = 'vault'

/** External Secrets Operator as a process of the machine, without its webhook, and the store that leads to OpenBao. */
export const externalSecrets: Component = {
  name: 'external-secrets',
  about: 'External Secrets Operator',
  needs: ['kube-apiserver', 'openbao'],
  programs: ['external-secrets', 'eso-crds'],
  async start({ site, program, cluster }: StartContext): Promise<Command> {
    await Promise.all(readManifests(program('eso-crds')).map(async (object) => cluster.apply(object)))
    await cluster.apply(...grant('external-secrets', rules), ...storeObjects(site))
    const args = flags({
      'metrics-addr': `127.0.0.1:${site.ports['external-secrets-metrics']}`,
      concurrent: '10',
      'client-qps': '200',
      'client-burst': '400',
      loglevel: site.isVerbose ? 'debug' : 'warn',
    })
    const env = { KUBECONFIG: paths.kubeconfig(site, 'external-secrets'), GOGC: '50' }
    return { path: program('external-secrets'), args, env }
  },
  async ready({ cluster }) {
    const store = await cluster.get<StoreObject>(
      `/apis/external-secrets.io/v1/clustersecretstores/${clusterSecretStore}`,
    )
    const ready = store.status?.conditions?.find((condition) => condition.type === 'Ready')
    if (ready?.status !== 'True') throw new Error(ready?.message ?? 'the store has not been validated yet')
  },
}

interface StoreObject {
  readonly status?: { readonly conditions?: readonly { type: string; status: string; message?: string }[] }
}

const rules = [
  { apiGroups: ['external-secrets.io', 'generators.external-secrets.io'], resources: ['*'], verbs: ['*'] },
  { apiGroups: [''], resources: ['secrets'], verbs: [...read, 'create', 'update', 'patch', 'delete'] },
  { apiGroups: [''], resources: ['configmaps', 'namespaces', 'serviceaccounts'], verbs: read },
  { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: read },
]

const credentials = { name: 'shipyard-vault-credentials', namespace: 'kube-system' }

/** External Secrets signs in to our OpenBao as itself; a Vault that exists outside gave us a token only. */
function storeObjects(site: Site): KubeObject[] {
  const { existing } = site
  const role = existing.vault ? undefined : externalSecretsRole(site)
  const auth = role
    ? { appRole: { path: 'approle', roleId: role.roleId, secretRef: { ...credentials, key: 'secret' } } }
    : { tokenSecretRef: { ...credentials, key: 'secret' } }
  const server = existing.vault?.address ?? vaultAddress(site)
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: credentials,
      stringData: { secret: role?.secretId ?? existing.vault?.token ?? '' },
    },
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ClusterSecretStore',
      metadata: { name: clusterSecretStore },
      spec: { provider: { vault: { server, path: 'secret', version: 'v2', auth } } },
    },
  ]
}
