/** The same by hand: `kubectl apply --server-side` of the very objects that the operator made. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from 'undici'
import { z } from 'zod'

import { run } from '../../../deploy/local/run.ts'
import type { Stack } from '../../../deploy/local/stack.ts'
import { programStore } from '../../../deploy/local/programs/store.ts'
import { renderUserDeployment, type Manifest } from '../../../operator/user-deployment/render.ts'
import { API_VERSION, LABELS, PLURALS } from '../../../src/contract/crd/meta.ts'
import { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { renderSettingsOf, renderVariables } from '../../../src/contract/render-settings.ts'
import { SECRET } from './ours.ts'

interface Listed {
  readonly items: readonly { metadata: { name: string; namespace: string } }[]
}

interface Services {
  readonly items: readonly { metadata: { labels: Record<string, string> }; spec: { clusterIP: string } }[]
}

export interface ByHand {
  /** Of what was copied, and so of the copy. */
  readonly name: string
  /** Before each attempt: what the ExternalSecret asks for is in the Vault. */
  readonly prepare: () => Promise<void>
  readonly apply: () => Promise<void>
  readonly delete: () => Promise<void>
}

/** What the operator made of a deployment that is there now, to be made again by hand when it has gone. */
export async function copyOf(stack: Stack, name: string): Promise<ByHand> {
  const manifests = await renderedOf(stack, name)
  const file = join(stack.site.folder, 'bench-manifests.json')
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }))
  const kubectl = await programStore({}).get('kubectl')
  const env = { HOME: stack.site.folder, KUBECONFIG: stack.env.KUBECONFIG ?? '' }
  const call = async (...args: string[]): Promise<void> =>
    void (await run(kubectl, [...args, '-f', file], { env, timeoutMs: 60_000 }))
  return {
    name,
    prepare: async () => writeSecret(stack, manifests),
    apply: async () => call('apply', '--server-side'),
    delete: async () => call('delete', '--wait=false'),
  }
}

/** As `operator/user-deployment/reconcile.ts` renders it, but owned by nobody. */
async function renderedOf({ cluster, env }: Stack, name: string): Promise<Manifest[]> {
  const { items } = await cluster.get<Listed>(`/apis/${API_VERSION}/${PLURALS.UserDeployment}`)
  const live = items.find(({ metadata }) => metadata.name === name)
  if (!live) throw new Error(`There is no deployment ${name}.`)
  const resource = UserDeployment.parse(live)
  delete resource.metadata.uid
  const selector = encodeURIComponent(`${LABELS.deployment}=${name}`)
  const services = await cluster.get<Services>(
    `/api/v1/namespaces/${live.metadata.namespace}/services?labelSelector=${selector}`,
  )
  const addresses = new Map(
    services.items.map(({ metadata, spec }) => [metadata.labels[LABELS.service] ?? '', spec.clusterIP]),
  )
  const settings = renderSettingsOf(z.object(renderVariables).parse(env))
  return renderUserDeployment(resource, settings, {
    addresses,
    replicas: new Map(),
    hostsOfOthers: new Set(),
  }).map((manifest) => (manifest.kind === 'Service' ? pinned(manifest, addresses) : manifest))
}

/** Pods know the addresses of their neighbours, so these have to be the same. */
function pinned(manifest: Manifest, addresses: ReadonlyMap<string, string>): Manifest {
  const clusterIP = addresses.get(manifest.metadata.labels?.[LABELS.service] ?? '')
  return { ...manifest, spec: { ...(manifest as { spec?: object }).spec, clusterIP } } as Manifest
}

interface ExternalSecret {
  readonly kind: string
  readonly spec?: { readonly data?: readonly { readonly remoteRef: { readonly key: string } }[] }
}

/** Version 1 at a path where nothing is. */
async function writeSecret({ env }: Stack, manifests: readonly Manifest[]): Promise<void> {
  const token = readFileSync(env.VAULT_TOKEN_FILE ?? '', 'utf8').trim()
  const paths = (manifests as readonly ExternalSecret[])
    .filter(({ kind }) => kind === 'ExternalSecret')
    .flatMap(({ spec }) => (spec?.data ?? []).map(({ remoteRef }) => remoteRef.key))
  for (const path of new Set(paths)) {
    const call = async (
      method: 'DELETE' | 'POST',
      kind: 'metadata' | 'data',
      body?: object,
    ): Promise<void> => {
      const answer = await request(`${env.VAULT_ADDR}/v1/secret/${kind}/${path}`, {
        method,
        headers: { 'x-vault-token': token },
        body: body ? JSON.stringify(body) : null,
        headersTimeout: 10_000,
      })
      const text = await answer.body.text()
      if (answer.statusCode >= 300) throw new Error(`OpenBao answered ${answer.statusCode}: ${text}`)
    }
    await call('DELETE', 'metadata')
    await call('POST', 'data', { data: { TOKEN: SECRET } })
  }
}
