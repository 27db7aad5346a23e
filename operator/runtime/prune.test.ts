import { expect, it } from 'vitest'
import { byOwner } from '../../src/kubernetes/store.ts'
import type { Cluster, KubeObject } from './cluster.ts'
import { prune, toPrune } from './prune.ts'
import { FakeCache } from './testing/fake-cache.ts'

const labels = { 'app.kubernetes.io/managed-by': 'us' }
const ownership = { ownerUid: 'owner', labels }

function object(name: string, fields: Partial<KubeObject['metadata']> = {}, kind = 'ConfigMap'): KubeObject {
  const owner = { apiVersion: 'x/v1', kind: 'X', name: 'x', uid: 'owner', controller: true }
  return {
    apiVersion: kind === 'ConfigMap' ? 'v1' : 'apps/v1',
    kind,
    metadata: { name, namespace: 'ns', labels, ownerReferences: [owner], ...fields },
  }
}

it('takes what is ours and not wanted, and nothing else', () => {
  const live = [
    object('wanted'),
    object('unwanted'),
    object('wanted', {}, 'Deployment'),
    object('going', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    object('of-another-life', {
      ownerReferences: [{ apiVersion: 'x/v1', kind: 'X', name: 'x', uid: 'old', controller: true }],
    }),
    object('leaning-on-ours', {
      ownerReferences: [{ apiVersion: 'x/v1', kind: 'X', name: 'x', uid: 'owner' }],
    }),
    object('without-our-label', { labels: {} }),
    object('without-owner', { ownerReferences: [] }),
  ]
  const found = toPrune({ live, desired: [object('wanted')], ...ownership })
  expect(found.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ConfigMap unwanted',
    'Deployment wanted',
  ])
})

it('knows an object again in another version of its group', () => {
  const live = { ...object('web'), apiVersion: 'autoscaling/v1' }
  const desired = { ...object('web'), apiVersion: 'autoscaling/v2' }
  expect(toPrune({ live: [live], desired: [desired], ...ownership })).toEqual([])
  expect(
    toPrune({ live: [live], desired: [{ ...desired, apiVersion: 'other/v2' }], ...ownership }),
  ).toHaveLength(1)
})

it('deletes what it finds in the caches', async () => {
  const maps = new FakeCache('ConfigMap', { owner: byOwner })
  const deployments = new FakeCache('Deployment', { owner: byOwner })
  maps.set(object('a'))
  maps.set(object('b'))
  deployments.set(object('c', {}, 'Deployment'))
  const deleted: string[] = []
  const cluster = {
    delete: async ({ metadata }: KubeObject) => {
      deleted.push(metadata.name)
      return true
    },
  } as unknown as Cluster
  const request = {
    cluster,
    caches: [maps, deployments],
    desired: [object('b')],
    ownerIndex: 'owner',
    ...ownership,
  }
  expect((await prune(request)).map(({ metadata }) => metadata.name)).toEqual(['a', 'c'])
  expect(deleted).toEqual(['a', 'c'])
})
