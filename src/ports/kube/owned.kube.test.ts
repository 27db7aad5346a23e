/** What the server may remove, by the rights of its own role and past the admission policies. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { bind } from '../../../deploy/local/access.ts'
import type { KubeObject } from '../../kubernetes/object.ts'
import { eventually, openCluster } from '../../../e2e/fixtures/cluster.ts'
import { createTenant, installOperator } from '../../../e2e/fixtures/operator.ts'
import { LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { OWNED_KINDS } from '../../contract/crd/owned-kinds.ts'
import { createKube } from './kubernetes.ts'

const cluster = openCluster()
const kube = createKube({ kubeconfig: join(inject('stackFolder'), 'kubeconfig/shipyard-server.yaml') })
let namespace = ''

const labels = { [LABELS.managedBy]: MANAGED_BY, [LABELS.deployment]: 'abcdefghij' }
const selector = { matchLabels: labels }
const backend = { name: 'owned', port: { number: 80 } }
const container = { name: 'web', image: 'registry.example/web:1' }

/** One of each kind that needs no custom definition, as an administrator would make it. */
const SPECS: Record<string, { apiVersion: string; spec?: object }> = {
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
  await kube.close()
  await cluster.close()
})

it('finds one of each kind, by lists of metadata', async () => {
  const found = (await kube.listOwned()).filter((each) => each.namespace === namespace)
  const kinds = found.filter(({ name }) => name === 'owned').map(({ kind }) => kind)
  expect(kinds).toEqual(OWNED_KINDS.filter((kind) => Object.hasOwn(SPECS, kind)))
})

it.each(Object.keys(SPECS) as (typeof OWNED_KINDS)[number][])('removes a %s', async (kind) => {
  const found = await kube.findOwned({ kind, namespace, name: 'owned' })
  expect(found).toMatchObject({ labels, isTerminating: false })
  expect(found && (await kube.deleteOwned(found))).toBe('deleting')
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

it('removes a namespace that belongs to nobody', async () => {
  const found = await kube.findOwned({ kind: 'Namespace', namespace: undefined, name: namespace })
  expect(found && (await kube.deleteOwned(found))).toBe('deleting')
  const after = await kube.findOwned({ kind: 'Namespace', namespace: undefined, name: namespace })
  expect(after?.isTerminating ?? true).toBe(true)
})
