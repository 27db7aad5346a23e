/** What the server may remove, by the rights of its own role and past the admission policies. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { bind } from '../../../deploy/local/access.ts'
import type { KubeObject } from '../../kubernetes/object.ts'
import { eventually, openCluster } from '../../../e2e/fixtures/cluster.ts'
import { createTenant, installOperator } from '../../../e2e/fixtures/operator.ts'
import { namespaceGuards } from '../../../operator/user-deployment/desired/namespace-guards.ts'
import { LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { OWNED_KINDS } from '../../contract/crd/owned-kinds.ts'
import { newId } from '../../contract/ids.ts'
import { createKube } from './kubernetes.ts'

const cluster = openCluster()
const kube = createKube({ kubeconfig: join(inject('stackFolder'), 'kubeconfig/shipyard-server.yaml') })
let namespace = ''
/** No tenant's. */
const elsewhere = `strays-${newId('dep').slice(4)}`

const labels = { [LABELS.managedBy]: MANAGED_BY, [LABELS.deployment]: 'abcdefghij' }
const selector = { matchLabels: labels }
const backend = { name: 'owned', port: { number: 80 } }
const container = { name: 'web', image: 'registry.example/web:1' }

const CHILD_KINDS = OWNED_KINDS.filter((kind) => kind !== 'Namespace' && kind !== 'UserDeployment')

type Child = (typeof CHILD_KINDS)[number]

/** One of each kind that a deployment or a namespace has, as an administrator would make it. */
const SPECS: Record<Child, { apiVersion: string; spec?: object }> = {
  Service: { apiVersion: 'v1', spec: { selector: labels, ports: [{ port: 80 }] } },
  ConfigMap: { apiVersion: 'v1' },
  PersistentVolumeClaim: {
    apiVersion: 'v1',
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  },
  Deployment: {
    apiVersion: 'apps/v1',
    spec: { replicas: 0, selector, template: { metadata: { labels }, spec: { containers: [container] } } },
  },
  Ingress: { apiVersion: 'networking.k8s.io/v1', spec: { defaultBackend: { service: backend } } },
  HorizontalPodAutoscaler: {
    apiVersion: 'autoscaling/v2',
    spec: { maxReplicas: 1, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'owned' } },
  },
  PodDisruptionBudget: { apiVersion: 'policy/v1', spec: { maxUnavailable: 1, selector } },
  Middleware: { apiVersion: 'traefik.io/v1alpha1', spec: { compress: {} } },
  ExternalSecret: {
    apiVersion: 'external-secrets.io/v1',
    spec: { secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' }, data: [] },
  },
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', spec: { podSelector: selector } },
  ResourceQuota: { apiVersion: 'v1', spec: { hard: { 'count/secrets': '9' } } },
  LimitRange: { apiVersion: 'v1', spec: { limits: [{ type: 'Pod', max: { cpu: '9' } }] } },
  ServiceAccount: { apiVersion: 'v1' },
}

beforeAll(async () => {
  await installOperator(cluster)
  await cluster.apply(bind('shipyard-server', 'shipyard-server', 'shipyard-server'))
  namespace = (await createTenant(cluster)).namespace
  await cluster.apply(
    ...Object.entries(SPECS).map(([kind, rest]) => ({
      kind,
      metadata: { name: 'owned', namespace, labels },
      ...rest,
    })),
  )
})
afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${elsewhere}`)
  await kube.close()
  await cluster.close()
})

it('finds one of each kind, by lists of metadata', async () => {
  const found = (await kube.listOwned()).filter((each) => each.namespace === namespace)
  const kinds = found.filter(({ name }) => name === 'owned').map(({ kind }) => kind)
  expect(kinds).toEqual(CHILD_KINDS)
})

it.each(CHILD_KINDS)('removes a %s', async (kind) => {
  // Controllers write in some of them: what was seen is another version an instant later.
  await eventually(30_000, async () => {
    const found = await kube.findOwned({ kind, namespace, name: 'owned' })
    expect(found).toMatchObject({ labels, isTerminating: false })
    expect(found && (await kube.deleteOwned(found))).toBe('deleting')
  })
})

it.each(['ConfigMap', 'Namespace'] as const)(
  'removes no %s that is not ours, whatever it is told',
  async (kind) => {
    const place = kind === 'Namespace' ? {} : { namespace: 'default' }
    const path = kind === 'Namespace' ? '/api/v1/namespaces' : '/api/v1/namespaces/default/configmaps'
    // The policy is in force an instant after it was stored.
    await eventually(30_000, async () => {
      await cluster.apply({ apiVersion: 'v1', kind, metadata: { name: 'of-others', ...place } })
      const { metadata } = await cluster.get<KubeObject>(`${path}/of-others`)
      const { uid = '', resourceVersion = '' } = metadata
      const meant = { kind, namespace: undefined, ...place, name: 'of-others', uid, resourceVersion }
      const seen = { ...meant, createdAt: new Date(0), isTerminating: false, hasOwner: false, labels }
      await expect(kube.deleteOwned(seen)).rejects.toMatchObject({
        because: expect.stringContaining('carries its label') as string,
      })
    })
    // Its administrator is not bound to it.
    await cluster.delete(`${path}/of-others`)
  },
)

it.each(namespaceGuards({ name: '', labels: {} }).filter(({ kind }) => kind !== 'ServiceAccount'))(
  'removes no $kind that guards a namespace of ours, and one that guards another',
  { timeout: 90_000 },
  async ({ metadata: { name, labels: guarding }, ...guard }) => {
    const remove = async (at: string): Promise<unknown> => {
      const found = await kube.findOwned({ kind: guard.kind as Child, namespace: at, name })
      return found && kube.deleteOwned(found)
    }
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: elsewhere } })
    for (const at of [namespace, elsewhere])
      await cluster.apply({ ...guard, metadata: { name, namespace: at, labels: guarding } })
    // Controllers note in it what is used: what was seen is another version an instant later.
    await eventually(30_000, async () =>
      expect(remove(namespace)).rejects.toMatchObject({
        because: expect.stringContaining('What guards a namespace') as string,
      }),
    )
    await eventually(30_000, async () => expect(await remove(elsewhere)).toBe('deleting'))
  },
)

it('removes a namespace that belongs to nobody', async () => {
  const found = await kube.findOwned({ kind: 'Namespace', namespace: undefined, name: namespace })
  expect(found && (await kube.deleteOwned(found))).toBe('deleting')
  const after = await kube.findOwned({ kind: 'Namespace', namespace: undefined, name: namespace })
  expect(after?.isTerminating ?? true).toBe(true)
})
